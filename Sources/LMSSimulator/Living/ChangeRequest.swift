/// A wish for random changes; the same school, clock and request give the same changes.
package struct ChangeRequest: Codable, Sendable, Equatable {
    /// Seed of the choices.
    package var seed: UInt64
    /// How many changes.
    package var count: Int
    /// The kinds to choose from; empty: all visible ones.
    package var kinds: [ChangeKind]
    /// Simulated seconds from one change to the next; the clock moves along.
    package var secondsBetween: Double
    /// How many learners a bulk enrollment takes.
    package var bulkSize: Int
    /// Whether what learners do moves their `last_login`, which an increment sees once a day only.
    package var movesLastLogin: Bool

    /// Makes a wish.
    package init(
        seed: UInt64 = 1,
        count: Int = 1,
        kinds: [ChangeKind] = [],
        secondsBetween: Double = 1,
        bulkSize: Int = 20,
        movesLastLogin: Bool = true
    ) {
        self.seed = seed
        self.count = count
        self.kinds = kinds
        self.secondsBetween = secondsBetween
        self.bulkSize = bulkSize
        self.movesLastLogin = movesLastLogin
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            seed: try values.decodeIfPresent(UInt64.self, forKey: .seed) ?? 1,
            count: try values.decodeIfPresent(Int.self, forKey: .count) ?? 1,
            kinds: try values.decodeIfPresent([ChangeKind].self, forKey: .kinds) ?? [],
            secondsBetween: try values.decodeIfPresent(Double.self, forKey: .secondsBetween) ?? 1,
            bulkSize: try values.decodeIfPresent(Int.self, forKey: .bulkSize) ?? 20,
            movesLastLogin: try values.decodeIfPresent(Bool.self, forKey: .movesLastLogin) ?? true
        )
    }
}

/// A change that was made.
package struct ChangeRecord: Codable, Sendable, Equatable {
    /// What happened.
    package var kind: ChangeKind
    /// Whether an incremental pull finds it.
    package var visible: Bool
    /// The learner it is about.
    package var learnerId: String?
    /// The course it is about.
    package var courseId: String?
    /// The unit it is about.
    package var unitId: String?
    /// When, in Unix seconds of the school's clock.
    package var at: Double
    /// `table.column` values that moved too and that an increment does not see before the daily sweep.
    package var silentColumns: [String]
}
