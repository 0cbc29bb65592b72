import Extractor
import Loader
import Platforms
import Records
import Synchronization
import Transformer

extension RunEstimator {
    /// How far a list was read.
    struct Walk {
        var list: ListRead
        /// Pages read.
        var read = 0
        /// Pages of the whole list.
        var total = 0.0
        /// Calls that only end the list: an empty page.
        var endCalls = 0
        /// Whether the list states its total, or was read to its end.
        var isStated = false
        /// The rows of each page.
        var units: [CommitUnit] = []
        /// What the pages held.
        var batches: [any RecordBatch] = []
        /// How the walk ended, where it was whole.
        var outcome: WalkOutcome?

        var isWhole: Bool { outcome != nil }
    }

    /// Delivers batches to the comparison, without a stream between.
    private struct Delivery: BatchReceiver {
        let assembler: CommitUnitAssembler

        func receive<R: Record>(_ batch: Batch<R>) async throws { try await assembler.store(batch) }
    }

    /// Reads at most so many pages of a list: all of them, else some spread over it.
    func walk(_ list: ListRead, pages limit: Int) async throws -> Walk {
        var list = list
        while true {
            do {
                return try await walkOnce(list, pages: limit)
            } catch let error as ExtractorError {
                guard let other = list.alternative(error) else { throw error }
                list = other
            }
        }
    }

    private func walkOnce(_ list: ListRead, pages limit: Int) async throws -> Walk {
        var walk = Walk(list: list)
        var reader = list.makeReader()
        var asOf: Timestamp?
        var step = PageInfo.Next.request(list.paging.first)
        var number = 1
        var open: [Int] = []
        while walk.read < limit {
            let request: APIRequest
            switch step {
            case .end:
                walk.isStated = true
                return try await end(&walk, &reader, asOf)
            case .request(let next): request = next
            case .page(let page):
                number = page
                request = list.paging.request(forPage: page)
            }
            let page = try await fetch(request, list)
            asOf = asOf ?? clock.now
            let info: PageInfo
            switch list.paging.read(page, asked: number) {
            case .page(let read): info = read
            case .pastEnd:
                walk.endCalls = 1
                step = .end
                continue
            case .askAgain(_, let otherwise?): info = otherwise
            case .askAgain: throw ExtractorError(.walkBroken, "the list contradicts itself")
            case .broken(let error): throw error
            }
            walk.read += 1
            try await deliver(try await parsed(page, info, &reader, list), &walk)
            if reader.isSatisfied {
                walk.total = Double(walk.read)
                walk.isStated = true
                return try await end(&walk, &reader, asOf)
            }
            let pageSample = PageSample(info: info, parsed: ParsedPage(), items: reader.items)
            if walk.read == 1 {
                if let stated = pageSample.statedPages {
                    (walk.total, walk.isStated) = (Double(stated), true)
                } else if case .page = info.next {
                    walk.total = Double(try await foreseenCalls(list))
                }
                // Pages spread over a long list tell more of it than its first ones.
                if walk.total > Double(limit) { open = Sampling.spread(Array(2...Int(walk.total)), limit - 1) }
            }
            number += 1
            if !open.isEmpty {
                step = .page(open.removeFirst())
            } else if walk.isStated, Double(walk.read) >= walk.total {
                step = .end
            } else if !walk.isStated, walk.total > Double(limit) {
                break
            } else {
                step = info.next
            }
        }
        if case .end = step { return try await end(&walk, &reader, asOf) }
        try await deliver(try reader.finish(), &walk)
        if !walk.isStated { walk.total = max(walk.total, Double(max(walk.read + 1, try await foreseenCalls(list)))) }
        return walk
    }

    private func end(_ walk: inout Walk, _ reader: inout any ListReader, _ asOf: Timestamp?) async throws -> Walk {
        try await deliver(try reader.finish(), &walk)
        walk.total = max(walk.total, Double(walk.read))
        guard Double(walk.read) >= walk.total else { return walk }
        walk.outcome = WalkOutcome(
            isComplete: reader.isComplete,
            expected: nil,
            items: reader.items,
            asOf: asOf ?? clock.now,
            position: reader.position
        )
        return walk
    }

    /// Keeps what an answer tells beside its rows.
    func note(_ notes: ReadNotes) {
        guard !notes.isEmpty else { return }
        log.add(notes)
        state.withLock { $0.notes.merge(notes, keptFor: .reading) }
    }

    private func fetch(_ request: APIRequest, _ list: ListRead) async throws -> Page {
        let page: Page
        do {
            page = try await client.fetch(request, rules: list.rules)
        } catch let error as ExtractorError {
            state.withLock { $0.firstFailure = $0.firstFailure ?? error }
            throw error
        }
        state.withLock { $0.hasAnswer = true }
        clock.note(page)
        _ = startedAt
        return page
    }

    private func parsed(
        _ page: Page,
        _ info: PageInfo,
        _ reader: inout any ListReader,
        _ list: ListRead
    ) async throws -> ParsedPage {
        let parsed = try reader.read(page, info)
        guard let refine = list.refine else { return parsed }
        return try await refine(parsed)
    }

    private func deliver(_ whole: ParsedPage, _ walk: inout Walk) async throws {
        note(whole.notes)
        let parsed = whole.restricted(to: scope)
        let page = CommitUnitAssembler(sourceID: settings.id, runID: 0)
        for batch in parsed.batches { try await batch.deliver(to: Delivery(assembler: page), group: nil) }
        walk.batches += parsed.batches
        walk.units.append(page.takeAll())
        apply(parsed.changes, weight: 1)
    }
}

// MARK: Before a baseline

extension RunEstimator: BaselineProbe {
    func look(at list: ListRead, page: Int, asking arguments: [(String, String)]) async throws -> PageSample? {
        var list = list
        while true {
            let first = page > 1 ? list.paging.request(forPage: page) : list.paging.first
            let request = arguments.reduce(first) { $0.settingQuery($1.0, to: $1.1) }
            do {
                let answer = try await fetch(request, list)
                guard case .page(let info) = list.paging.read(answer, asked: page) else { return nil }
                var reader = list.makeReader()
                var parsed = try reader.read(answer, info)
                let items = reader.items
                let rest = try reader.finish()
                parsed.batches += rest.batches
                parsed.changes += rest.changes
                parsed.notes.merge(rest.notes)
                note(parsed.notes)
                return PageSample(info: info, parsed: parsed.restricted(to: scope), items: items)
            } catch let error as ExtractorError {
                if let other = list.alternative(error) {
                    list = other
                    continue
                }
                guard !error.stopsSource else { throw error }
                return nil
            }
        }
    }
}
