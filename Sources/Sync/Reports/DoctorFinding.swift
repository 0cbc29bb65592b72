/// The outcome of one check of `doctor`.
package struct DoctorFinding: Sendable, Equatable {
    package enum Outcome: String, Sendable {
        case ok
        case warn
        case fail
    }

    package var check: String
    package var outcome: Outcome
    package var detail: String
    package var remedy: String?
    /// What `doctor` answers when this is the first failure.
    package var exitCode: Int32?

    package init(check: String, outcome: Outcome, detail: String, remedy: String? = nil, exitCode: Int32? = nil) {
        self.check = check
        self.outcome = outcome
        self.detail = detail
        self.remedy = remedy
        self.exitCode = exitCode
    }
}
