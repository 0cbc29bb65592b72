/// When a row that lists lack is gone: the table of Sources/Platforms/LearnWorlds/README.md §6, as pure functions.
///
/// That a list lacks a row is only a reason to look closer. Courses and accounts are asked for one by one; enrollments need
/// two lists that agree; everything else must be missing from a second reading in the same run. An answer with nothing
/// in it proves nothing by itself.
enum LearnWorldsEvidence {
    /// What the lists say of a row that they lack.
    enum Verdict: Sendable, Equatable {
        case gone
        /// Gone if a second reading lacks it, too.
        case readAgain
        /// Gone if the platform has nothing when it is asked for the row alone.
        case askByID
        case unproved
    }
}
