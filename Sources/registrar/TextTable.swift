import Settings

/// A table for a terminal: columns as wide as their content, two spaces between, numbers to the right.
struct TextTable {
    enum Alignment {
        case left
        case right
    }

    private let headings: [String]
    private let alignments: [Alignment]
    private var rows: [[String]] = []

    init(_ columns: [(heading: String, alignment: Alignment)]) {
        headings = columns.map(\.heading)
        alignments = columns.map(\.alignment)
    }

    /// Adds a row; every cell is made safe to print.
    mutating func add(_ cells: [String]) {
        rows.append(cells.map(LogSafe.text))
    }

    /// The lines of the table, each with `indent` before it.
    func text(indent: String = "") -> String {
        let all = [headings] + rows
        let widths = headings.indices.map { column in
            all.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0
        }
        return all.map { row in
            var line = indent
            for (column, cell) in row.enumerated() where widths.indices.contains(column) {
                let padding = String(repeating: " ", count: max(0, widths[column] - cell.count))
                line += (column > 0 ? "  " : "") + (alignments[column] == .right ? padding + cell : cell + padding)
            }
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }.joined()
    }

    static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
