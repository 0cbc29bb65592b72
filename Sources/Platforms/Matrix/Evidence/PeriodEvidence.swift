/// When a grading period is gone: the record of its class says nothing of it any more.
enum PeriodEvidence {
    /// The stored periods that are gone.
    ///
    /// - Parameter named: Those that the class's record names; `nil` where it says nothing about periods, and takes none away.
    static func gone(stored: Set<String>, named: [String]?) -> Set<String> {
        named.map { stored.subtracting($0) } ?? []
    }
}
