#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The drift of one batch, each note once.
///
/// A note that is already there costs a comparison of bytes and no allocation, since a field that nobody knows is
/// usually in every record of a page.
package struct DriftLog: Sendable {
    private struct Entry: Sendable {
        var path: [UInt8]
        var type: JSONType
        var kept: Bool
        /// Whether the path may be shown: it is the platform's data, and could be anything.
        var isPresentable: Bool
    }

    private var entries: [Entry] = []

    /// A page with more surprises than this is noted as such.
    private static let limit = 100
    private static let longestPath = 200

    /// Makes an empty log.
    package init() {}

    /// Whether nothing was noted.
    package var isEmpty: Bool { entries.isEmpty }

    /// Notes a field: `prefix` and `name` together are its path.
    ///
    /// A name that carries a secret of `screen`, looks like an address or is longer than a name is not shown.
    package mutating func note(
        prefix: StaticString = "",
        name: UnsafeRawBufferPointer,
        type: JSONType,
        kept: Bool,
        screen: SecretScreen
    ) {
        let length = prefix.utf8CodeUnitCount + name.count
        for entry in entries where entry.type == type && entry.kept == kept && entry.path.count == length {
            let isSame = entry.path.withUnsafeBytes { path in
                path.starts(with: UnsafeRawBufferPointer(start: prefix.utf8Start, count: prefix.utf8CodeUnitCount))
                    && Self.areEqual(path[prefix.utf8CodeUnitCount...], name)
            }
            if isSame { return }
        }
        let path = Array(UnsafeRawBufferPointer(start: prefix.utf8Start, count: prefix.utf8CodeUnitCount)) + Array(name)
        let isPresentable =
            path.count <= Self.longestPath && !path.contains(UInt8(ascii: "@")) && !screen.condemns(name)
        append(Entry(path: path, type: type, kept: kept, isPresentable: isPresentable))
    }

    /// The notes of `stream`.
    package func notes(for stream: String) -> Set<DriftNote> {
        Set(
            entries.map { entry in
                let field = entry.isPresentable ? String(decoding: entry.path, as: UTF8.self) : "(not a name)"
                return DriftNote(stream: stream, field: field, jsonType: entry.type.rawValue, kept: entry.kept)
            }
        )
    }

    private mutating func append(_ entry: Entry) {
        if entries.count < Self.limit {
            entries.append(entry)
        } else if entries.count == Self.limit {
            entries.append(Entry(path: Array("(more fields)".utf8), type: .object, kept: false, isPresentable: true))
        }
    }

    private static func areEqual(_ left: Slice<UnsafeRawBufferPointer>, _ right: UnsafeRawBufferPointer) -> Bool {
        let left = UnsafeRawBufferPointer(rebasing: left)
        guard let leftBase = left.baseAddress, let rightBase = right.baseAddress else {
            return left.count == right.count
        }
        return left.count == right.count && memcmp(leftBase, rightBase, left.count) == 0
    }
}
