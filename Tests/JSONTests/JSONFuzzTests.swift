import JSON
import Testing

@Suite struct JSONFuzzTests {
    /// SplitMix64: the same numbers on every machine, so that a failure repeats.
    private struct Numbers: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    private static let fragments: [[UInt8]] =
        [
            "\"", "\\", "\\u", "\\ud800", "\\u0000", "{", "}", "[", "]", ":", ",", "tru", "null", "1e400", "-", "\n",
            " ",
            "\"a\":1,", "[[[[", "é", "\u{1}", "\u{C}", "'", "<", "0",
        ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0x00], [0xEF, 0xBB, 0xBF]]

    private func mutate(_ page: [UInt8], with numbers: inout Numbers) -> [UInt8] {
        var page = page
        for _ in 0..<Int.random(in: 1...4, using: &numbers) where !page.isEmpty {
            let position = Int.random(in: 0..<page.count, using: &numbers)
            switch Int.random(in: 0..<5, using: &numbers) {
            case 0: page[position] = UInt8.random(in: .min ... .max, using: &numbers)
            case 1: page.removeSubrange(position..<min(page.count, position + Int.random(in: 1...9, using: &numbers)))
            case 2: page.removeLast(page.count - position)
            case 3:
                let end = min(page.count, position + Int.random(in: 1...40, using: &numbers))
                page.insert(contentsOf: Array(page[position..<end]), at: position)
            default: page.insert(contentsOf: Self.fragments.randomElement(using: &numbers) ?? [], at: position)
            }
        }
        return page
    }

    /// Reads everything a value offers, and returns how many values that were.
    private func visit(_ value: JSONValue) -> Int {
        _ = (value.string, value.double, value.int64, value.bool, value.numberToken)
        if value.kind == .invalid { #expect(value.faults.contains(.invalidValue)) }
        var inner: JSONFaults = []
        var count = 1
        for element in value.elements {
            inner.formUnion(element.faults)
            count += visit(element)
        }
        for (key, member) in value.members {
            inner.formUnion(member.faults)
            #expect(String(validating: key.bytes, as: UTF8.self) != nil && !key.bytes.contains(0))
            count += visit(member)
        }
        #expect(value.faults.isSuperset(of: inner.union(value.ownFaults)))
        return count
    }

    @Test("a damaged page is refused or read to its end", arguments: 0..<8)
    func mutations(_ seed: UInt64) {
        var numbers = Numbers(state: seed)
        let page = Array(makePage(records: 2).utf8)
        var accepted = 0
        for round in 0..<500 {
            let bytes = mutate(page, with: &numbers)
            guard let document = try? JSONDocument(parsing: bytes) else { continue }
            accepted += 1
            document.withRoot { root in #expect(visit(root) > 0, "seed \(seed), round \(round)") }
        }
        #expect(accepted > 10 && accepted < 490)
    }
}
