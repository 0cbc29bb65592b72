import Foundation
package import LMSSimulator

/// One table of the school's ground truth, row by row, for tests that count in it.
package struct TruthRows: Sendable {
    /// The text and number columns of each row, as text; nulls and nested values are left out.
    package let rows: [[String: String]]

    package init(_ simulator: Simulator, _ table: String) {
        rows = simulator.truth(table).split(separator: 0x0A).map { line in
            let object = (try? JSONSerialization.jsonObject(with: Data(line))) as? [String: Any] ?? [:]
            return object.compactMapValues { value in
                switch value {
                case let text as String: text
                case let number as NSNumber: number.stringValue
                default: nil
                }
            }
        }
    }

    /// How many rows have each value of `column`.
    package func counts(by column: String) -> [String: Int] {
        rows.reduce(into: [:]) { counts, row in
            if let value = row[column] { counts[value, default: 0] += 1 }
        }
    }
}
