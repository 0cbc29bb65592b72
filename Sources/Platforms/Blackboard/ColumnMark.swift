import Records

/// The watermark of one gradebook column: how far its changes were read, and how old that is.
struct ColumnMark: Sendable {
    static let changeIndex = "change_index"
    static let changedAt = "changed_at"

    private(set) var position: MarkPosition

    init(_ position: MarkPosition?) { self.position = position ?? MarkPosition() }

    /// Every seventh reading is of the whole column: that shows cells that were emptied.
    private static let readsUntilFull: Int64 = 6

    /// The platform is asked for what changed after this.
    var index: Int64? { position.integer(Self.changeIndex) }
    /// When the column was last read, in whole or in part.
    var readAt: Timestamp? { position.time("read_at") }
    /// When the column was last read in whole.
    var fullAt: Timestamp? { position.time("full_at") }
    /// The newest grade seen.
    var changedAt: Timestamp? { position.time(Self.changedAt) }
    /// The course, as the platform is asked for it.
    var course: String? { position.text("course") }

    /// When every cell of the column was last read, by column or by learner.
    var verifiedAt: Timestamp? { position.time(BlackboardLists.verifiedAt) ?? fullAt }

    /// Whether the next reading is of the whole column: by the number of those that were not, or because the last whole
    /// one was at `boundary` or before.
    func isFullDue(before boundary: Timestamp) -> Bool {
        guard index != nil, let verifiedAt else { return true }
        return (position.integer("reads") ?? 0) >= Self.readsUntilFull || verifiedAt <= boundary
    }

    /// The mark after a reading that asked for everything, or for what changed after ``index``.
    func after(_ outcome: WalkOutcome, isFull: Bool, course: String) -> MarkPosition {
        var next = position
        next.set("course", text: course)
        next.set("read_at", outcome.asOf)
        let seen = outcome.position.integer(Self.changeIndex)
        // An index never falls: what was read behind the old one stays read.
        next.set(Self.changeIndex, integer: [index, seen].compactMap { $0 }.max())
        let changed = isFull ? outcome.position.time(Self.changedAt) : outcome.items > 0 ? outcome.asOf : nil
        next.set(Self.changedAt, [changedAt, changed].compactMap { $0 }.max())
        if isFull {
            next.set("full_at", outcome.asOf)
            next.set(BlackboardLists.verifiedAt, outcome.asOf)
            next.set("reads", integer: nil)
        } else {
            next.set("reads", integer: (position.integer("reads") ?? 0) + 1)
        }
        return next
    }

    /// The mark after the platform said that nothing is newer than ``index``.
    func afterProbe(at time: Timestamp, course: String) -> MarkPosition {
        var next = position
        next.set("course", text: course)
        next.set("read_at", time)
        next.set("reads", integer: (position.integer("reads") ?? 0) + 1)
        return next
    }

    /// The mark of a column whose cells were read learner by learner: read, and without an index, since a grade that
    /// changed while others were read would be jumped over.
    static func readByLearner(_ previous: MarkPosition?, course: String, at time: Timestamp) -> MarkPosition {
        var position = previous ?? MarkPosition()
        position.set("course", text: course)
        position.set("read_at", time)
        position.set(BlackboardLists.verifiedAt, time)
        return position
    }
}
