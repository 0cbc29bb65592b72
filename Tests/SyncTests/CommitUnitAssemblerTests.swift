import Loader
import Platforms
import Records
import Testing
import Transformer

@testable import Sync

@Suite("The next commit unit")
struct CommitUnitAssemblerTests {
    private func batch(_ ids: [String], group: Int? = nil) -> Batch<Learner> {
        var batch = Batch<Learner>(stream: "learners")
        batch.records = ids.map { Learner(learnerID: $0) }
        batch.group = group
        return batch
    }

    private func count(_ unit: CommitUnit) -> Int { unit.rowCount(of: Learner.table) }

    @Test("what belongs to no group joins at once; what is fresh is handed out once and stays part of the unit")
    func pages() async throws {
        let assembler = CommitUnitAssembler(sourceID: "acme", runID: 1)
        try await assembler.store(batch(["1", "2"]))
        #expect(count(assembler.takeFresh()) == 2 && assembler.takeFresh().isEmpty)
        try await assembler.store(batch(["3"]))
        #expect(count(assembler.takeFresh()) == 1)
        #expect(assembler.byteCount > 0)
        #expect(count(assembler.takeAll()) == 3)
        #expect(assembler.takeAll().isEmpty && assembler.byteCount == 0)
    }

    @Test("a group joins whole, with its own changes, once its last batch has arrived", .timeLimit(.minutes(1)))
    func groups() async throws {
        let assembler = CommitUnitAssembler(sourceID: "acme", runID: 1)
        let group = assembler.openGroup()
        try await assembler.store(batch(["1"], group: group))
        #expect(count(assembler.takeAll()) == 0)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await assembler.join(group: group, batches: 2) { $0.unqueue("progress", "1") } }
            tasks.addTask { try await assembler.store(self.batch(["2"], group: group)) }
            try await tasks.waitForAll()
        }
        let unit = assembler.takeAll()
        #expect(count(unit) == 2)
    }

    @Test("a group that failed leaves nothing behind, whatever of it arrives later")
    func drops() async throws {
        let assembler = CommitUnitAssembler(sourceID: "acme", runID: 1)
        let (failed, whole) = (assembler.openGroup(), assembler.openGroup())
        try await assembler.store(batch(["1"], group: failed))
        try await assembler.store(batch(["2"], group: whole))
        assembler.drop(group: failed)
        await assembler.join(group: whole, batches: 1) { _ in }
        #expect(count(assembler.takeAll()) == 1)
    }

    @Test("accounts that came are known as met")
    func learners() async throws {
        let assembler = CommitUnitAssembler(sourceID: "acme", runID: 1)
        try await assembler.store(batch(["1"]))
        _ = assembler.takeAll()
        #expect(assembler.hasMet(learner: "1") && !assembler.hasMet(learner: "2"))
    }
}
