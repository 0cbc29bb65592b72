import Foundation

/// Reads one gzip-compressed CSV file of the OULAD data set.
///
/// Decompression is left to `gzip -dc`, which every Debian has: no library for six small files at start-up.
struct OULADFile {
    private var columns: [String: Int] = [:]
    private let bytes: [UInt8]
    private var rows: Int

    /// One row: the fields as slices of the file.
    struct Row {
        fileprivate let fields: [Range<Int>]
        fileprivate let bytes: [UInt8]
        fileprivate let columns: [String: Int]

        /// The text of a column; empty and `?` mean missing.
        func text(_ column: String) -> String? {
            guard let index = columns[column], index < fields.count else { return nil }
            let value = String(decoding: bytes[fields[index]], as: UTF8.self)
            return value.isEmpty || value == "?" ? nil : value
        }

        func integer(_ column: String) -> Int? {
            text(column).flatMap { Int($0) }
        }
    }

    init(named name: String, in directory: String) throws {
        let path = directory + "/" + name + ".csv.gz"
        guard FileManager.default.isReadableFile(atPath: path) else {
            throw SimulatorError("no file \(path): the OULAD directory must hold the six files of the data set")
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["gzip", "-dc", path]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw SimulatorError("gzip could not read \(path)") }
        bytes = [UInt8](data)
        rows = 0
        var position = 0
        for (index, field) in Self.fields(of: bytes, from: &position).enumerated() {
            columns[String(decoding: bytes[field], as: UTF8.self)] = index
        }
        rows = position
    }

    /// Calls `body` with every row after the header.
    func forEachRow(_ body: (Row) -> Void) {
        var position = rows
        while position < bytes.count {
            let fields = Self.fields(of: bytes, from: &position)
            if fields.count > 1 { body(Row(fields: fields, bytes: bytes, columns: columns)) }
        }
    }

    /// The fields of one line; quotes are stripped, no field of this data set holds a comma or a quote.
    private static func fields(of bytes: [UInt8], from position: inout Int) -> [Range<Int>] {
        var fields: [Range<Int>] = []
        bytes.withUnsafeBytes { bytes in
            var start = position
            var isOver = false
            while !isOver {
                var end = start
                while end < bytes.count, bytes[end] != 0x2C, bytes[end] != 0x0A { end += 1 }
                isOver = end >= bytes.count || bytes[end] == 0x0A
                var (low, high) = (start, end)
                if high > low, bytes[high - 1] == 0x0D { high -= 1 }
                if high - low >= 2, bytes[low] == 0x22, bytes[high - 1] == 0x22 { (low, high) = (low + 1, high - 1) }
                fields.append(low..<high)
                start = end + 1
            }
            position = start
        }
        return fields
    }
}
