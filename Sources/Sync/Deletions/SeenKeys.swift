import Platforms
import Records
import Synchronization

/// Notes what the lists of a group have shown to be there.
struct Presence {
    fileprivate let covers: [Cover]
    fileprivate var seen: [String: Set<UInt64>] = [:]
    fileprivate var rejected: Set<String> = []

    init(_ covers: [Cover]) {
        self.covers = covers
    }

    mutating func note(_ batch: any RecordBatch) {
        guard covers.contains(where: { $0.table.name == batch.table.name }) else { return }
        seen[batch.table.name, default: []].formUnion(batch.keyHashes)
        for key in batch.rejectedKeys {
            rejected.insert(key)
            rejected.formUnion(key.split(separator: "/").map(String.init))
        }
    }
}

/// What whole lists have shown, collected until it is worth a comparison with the warehouse.
///
/// The lists of single learners and courses are compared by the hundred: a query for each would cost more than its list.
final class SeenKeys: Sendable {
    /// A part of a table, and what was seen of it.
    struct Shown {
        let table: Table
        let isConfirmedOneByOne: Bool
        /// Rows that match any of these conditions, column to the values it may have; none: every row of the source.
        var scopes: [[String: [String]]]
        /// The ``KeyHash``es of the rows that are there.
        var seen: Set<UInt64> = []
        /// Identities of records that are there and could not be read.
        var rejected: Set<String> = []
        fileprivate var lists = 1

        fileprivate init(_ cover: Cover) {
            table = cover.table
            isConfirmedOneByOne = cover.isConfirmedOneByOne
            scopes = cover.scopes.map { $0.mapValues { [$0] } }
        }

        /// Conditions on one column each can be joined with those of other lists; none, or several at once, cannot.
        fileprivate var kind: String? {
            guard !scopes.isEmpty, scopes.allSatisfy({ $0.count == 1 }) else { return nil }
            return ([table.name, isConfirmedOneByOne ? "1" : "0"] + scopes.flatMap(\.keys)).joined(separator: "/")
        }

        /// So many lists, or rows, are compared at once.
        fileprivate var isFull: Bool { lists >= 500 || seen.count >= 50_000 }

        fileprivate mutating func join(_ other: Shown) {
            for index in scopes.indices { scopes[index].merge(other.scopes[index]) { $0 + $1 } }
            seen.formUnion(other.seen)
            rejected.formUnion(other.rejected)
            lists += other.lists
        }
    }

    private let shown = Mutex<[String: Shown]>([:])

    /// - Returns: What is to be compared now.
    func add(_ presence: Presence) -> [Shown] {
        var due: [Shown] = []
        for cover in presence.covers {
            var part = Shown(cover)
            part.seen = presence.seen[cover.table.name] ?? []
            part.rejected = presence.rejected
            guard let kind = part.kind else {
                due.append(part)
                continue
            }
            let full = shown.withLock { shown -> Shown? in
                if shown[kind] == nil { shown[kind] = part } else { shown[kind]?.join(part) }
                guard let joined = shown[kind], joined.isFull else { return nil }
                return shown.removeValue(forKey: kind)
            }
            if let full { due.append(full) }
        }
        return due
    }

    /// Everything that was not compared yet.
    func take() -> [Shown] {
        shown.withLock { shown in
            defer { shown = [:] }
            return shown.sorted { $0.key < $1.key }.map(\.value)
        }
    }
}
