import Records

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Remembers what was decided about field names, since the records of a page all have the same ones.
package struct NameVerdicts {
    private struct Entry {
        var name: [UInt8]
        var verdict: NeverStore.Verdict
    }

    private let judge: @Sendable (String) -> NeverStore.Verdict
    private var entries: [Entry] = []
    /// Indices into `entries`, found by the name's hash; −1 where free.
    private var slots = [Int16](repeating: -1, count: slotCount)

    private static let slotCount = 512
    /// Half of the slots, so that a free one is always near; names beyond it are judged each time.
    private static let limit = 256

    /// Decides by `judge`, which is asked once a name.
    package init(judge: @escaping @Sendable (String) -> NeverStore.Verdict = NeverStore.verdict(on:)) {
        self.judge = judge
    }

    /// The verdict on a name.
    package mutating func verdict(on name: UnsafeRawBufferPointer) -> NeverStore.Verdict {
        var slot = Self.hash(name) & (Self.slotCount - 1)
        while slots[slot] >= 0 {
            let index = Int(slots[slot])
            if entries[index].name.withUnsafeBytes({ $0.count == name.count && Self.areEqual($0, name) }) {
                return entries[index].verdict
            }
            slot = (slot + 1) & (Self.slotCount - 1)
        }
        let verdict = judge(String(decoding: name, as: UTF8.self))
        if entries.count < Self.limit {
            slots[slot] = Int16(entries.count)
            entries.append(Entry(name: Array(name), verdict: verdict))
        }
        return verdict
    }

    private static func areEqual(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
        guard let leftBase = left.baseAddress, let rightBase = right.baseAddress else {
            return left.count == right.count
        }
        return memcmp(leftBase, rightBase, left.count) == 0
    }

    private static func hash(_ name: UnsafeRawBufferPointer) -> Int {
        let hash = KeyHash(of: name).value
        return Int(truncatingIfNeeded: hash ^ (hash >> 32)) & Int.max
    }
}
