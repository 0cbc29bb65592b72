import Records
import Testing
import Transformer

@Suite("Identities by content")
struct ContentHashTests {
    @Test("are 32 hexadecimal digits that never change")
    func pinned() {
        #expect(
            ContentHash.identity(of: "visit_course", "u1", "1751301000000000") == "4be9ec25bb71b17608c85e394eb6cf4a"
        )
    }

    @Test("of what happened ascend with its time")
    func ascending() {
        let times = [-5_000_000, 0, 999, 1_000, 1_751_301_000_000_000, 1_751_301_000_001_000, 7_258_118_400_000_000]
            .map { Timestamp(microsecondsSinceEpoch: $0) }
        let identities = times.map { ContentHash.identity(at: $0, of: "visit_course", "u1") }
        #expect(identities[4] == "0197c1ac8b40" + "\(ContentHash.identity(of: "visit_course", "u1").prefix(20))")
        #expect(identities.allSatisfy { $0.utf8.count == 32 })
        #expect(identities == identities.sorted())
        // Before 1970 and within one millisecond only the hash tells them apart.
        #expect(identities[0] == identities[1] && identities[1] == identities[2] && identities[2] < identities[3])
    }

    @Test("depend on where the parts end")
    func parts() {
        #expect(ContentHash.identity(of: "ab", "c") != ContentHash.identity(of: "a", "bc"))
        #expect(ContentHash.identity(of: "a", "") != ContentHash.identity(of: "a"))
    }
}
