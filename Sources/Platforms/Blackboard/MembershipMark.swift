import Records

/// The watermark of one course's memberships.
enum MembershipMark {
    /// After a full list, which also says how many there are.
    ///
    /// - Parameter verified: When the memberships were last read whole, where the list may lack some of them.
    static func full(_ course: String, _ outcome: WalkOutcome, verified: Timestamp?? = nil) -> StateChange {
        var position = MarkPosition()
        position.set("read_at", outcome.asOf)
        position.set("access_after", outcome.asOf)
        position.set(BlackboardLists.verifiedAt, verified ?? outcome.asOf)
        position.set("members", integer: Int64(outcome.items))
        return .watermark(stream: "enrollments", partition: course, position: position, asOf: outcome.asOf)
    }

    /// After the two filtered lists of a large course, which were begun at `time`.
    static func filtered(_ course: String, _ previous: MarkPosition, at time: Timestamp) -> StateChange {
        var position = previous
        position.set("read_at", time)
        position.set("access_after", time)
        return .watermark(stream: "enrollments", partition: course, position: position, asOf: time)
    }
}
