/// One place where the warehouse and the school's ground truth differ.
package struct TruthDifference: Sendable, Equatable, CustomStringConvertible {
    package var table: String
    /// The row's key as JSON.
    package var key: String
    /// The column; `nil` where the whole row is missing or too much.
    package var column: String?
    /// The ground truth's value as JSON; `nil` where it has no such row.
    package var truth: String?
    /// The warehouse's value as JSON; `nil` where it has no such row.
    package var stored: String?

    package var description: String {
        guard let column else {
            return truth == nil
                ? "\(table) \(key): stored, but the school has none: \(stored ?? "")"
                : "\(table) \(key): not stored, the school has \(truth ?? "")"
        }
        return "\(table) \(key) \(column): stored \(stored ?? "-"), the school has \(truth ?? "-")"
    }
}
