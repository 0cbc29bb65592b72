/// How the warehouse's schema stands to this binary.
package enum MigrationState: Sendable, Equatable {
    /// Every migration of this binary is applied, and no other.
    case upToDate
    /// These are still to be applied, oldest first; with a version of 1 first, there is no schema yet.
    case pending([PendingMigration])
    /// The warehouse was migrated by a newer binary, to this version.
    case newer(version: Int)

    /// Whether there is no schema yet.
    package var isWithoutSchema: Bool {
        if case .pending(let pending) = self { pending.first?.version == 1 } else { false }
    }
}

/// A migration that waits to be applied.
package struct PendingMigration: Sendable, Hashable {
    package let version: Int
    package let name: String
}
