import Records

/// An account that the platform does not show any more.
///
/// The platform answers alike for somebody who is gone and for somebody who has become a system administrator, whose
/// memberships stay. So the account's row ends alone, and each membership is proved gone by its course.
struct MissingAccount: ReadNote {
    let key: String
}

extension ParsedPage {
    /// What the answer that there is no such account says.
    static func missingAccount(_ id: String) -> ParsedPage {
        let row = GoneRows(Learner.table, columns: ["learner_id"], keys: [[id]], isAlone: true)
        return ParsedPage(changes: [.gone(row)], notes: ReadNotes([MissingAccount(key: id)]))
    }
}

extension BlackboardIncrementalRun {
    /// Asks for the stored memberships of missing accounts in courses whose members this run has not read whole.
    ///
    /// Of the other courses the list of members tells. What goes with a membership goes with this one too.
    func verifyMembershipsOfMissingAccounts() async throws {
        let accounts = run.log.notes(MissingAccount.self).keys.sorted()
        guard !accounts.isEmpty, run.isSelected("enrollments"), hasAllowance else { return }
        let stored = try await storedMemberships(of: accounts)
        let unread = stored.filter { !isListed($0.value) && catalogue[$0.value.asked] != nil }
            .sorted { ($0.key.assessment, $0.key.learner) < ($1.key.assessment, $1.key.learner) }
        let groups = unread.map { place, membership in
            membershipGroup(asked: membership.asked, course: place.assessment, learner: place.learner)
        }
        try await run.read(affordable(groups))
        try await run.settle()
    }

    /// Whether this run has read a list that shows the membership if it is there.
    private func isListed(_ membership: (asked: String, status: String?)) -> Bool {
        guard run.log.result(of: BlackboardLists.roster, membership.asked)?.isComplete == true else { return false }
        // Where disabled memberships are listed apart, the list of all does not show them.
        return membership.status != "ended" || !context.disabledAreApart
            || context.activity.hasWholeRoster(membership.asked)
    }
}
