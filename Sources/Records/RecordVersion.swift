/// The source's own version of a record, compared in the order primary, secondary, tiebreak.
package struct RecordVersion: Hashable, Sendable {
    /// Compared first; `insertOnly` where the row may only fill a gap.
    package var primary: Int64
    /// Compared where the primaries are equal.
    package var secondary: Int64
    /// Compared last, by bytes.
    package var tiebreak: String

    /// Makes a version.
    package init(primary: Int64, secondary: Int64 = 0, tiebreak: String = "") {
        self.primary = primary
        self.secondary = secondary
        self.tiebreak = tiebreak
    }

    /// All versions are equal: the last to arrive wins.
    package static let none = RecordVersion(primary: 0)

    /// The primary of a row that stands in for a record not seen yet: inserted where there is no row, else dropped.
    package static let insertOnly = Int64.min
}
