/// What `migrate` did, or with a dry run would do.
package struct MigrationReport: Sendable, Equatable {
    /// The migrations by the names of their files, oldest first.
    package var applied: [String]
    /// The GRANTs for roles that lacked rights.
    package var grants: [String]

    package init(applied: [String], grants: [String]) {
        (self.applied, self.grants) = (applied, grants)
    }
}
