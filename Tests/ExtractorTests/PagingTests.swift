import Extractor
import JSON
import Testing

@Suite("Walks over pages", .timeLimit(.minutes(1)))
struct PagingTests {
    /// `{"meta":{"page":…,"totalPages":…},"count":n}`, as numbered lists answer.
    private struct NumberedRule: PagingRule {
        var first: APIRequest { APIRequest("/v2/users", query: [("page", "1")], stream: "learners") }
        var pageCap = 1_000
        var refusesEqualPages = false

        func request(forPage number: Int) -> APIRequest { first.settingQuery("page", to: "\(number)") }

        func read(_ page: Page, asked number: Int) -> PageReading {
            page.document.withRoot { root in
                let meta = root["meta"]
                return NumberedPaging.read(
                    asked: number,
                    echoed: meta?["page"]?.int64.map { Int($0) },
                    totalPages: meta?["totalPages"]?.int64.map { Int($0) },
                    totalItems: nil,
                    itemsPerPage: nil,
                    itemCount: root["count"]?.int64.map { Int($0) } ?? 0
                )
            }
        }
    }

    /// `{"next":"/…"}` until there is none.
    private struct LinkRule: PagingRule {
        let client: APIClient
        let first = APIRequest("/v2/items", stream: "items")

        func read(_ page: Page, asked number: Int) -> PageReading {
            guard let link = page.document.withRoot({ $0["next"]?.string }),
                let next = try? client.resolve(link: link, following: page.request)
            else { return .page(PageInfo(number: number, next: .end)) }
            return .page(PageInfo(number: number, next: .request(next)))
        }
    }

    /// A bare array that ends with an empty one.
    private struct EmptyEndsRule: PagingRule {
        let first = APIRequest("/users", query: [("page", "1")], stream: "learners")
        let refusesEqualPages = true
        var pageCap = 1_000

        func request(forPage number: Int) -> APIRequest { first.settingQuery("page", to: "\(number)") }

        func read(_ page: Page, asked number: Int) -> PageReading {
            let count = page.document.withRoot { $0.count }
            return .page(PageInfo(number: number, next: count == 0 ? .end : .page(number + 1)))
        }
    }

    private static func numbered(page: Int, of total: Int, count: Int = 1) -> TransportResponse {
        .json("{\"meta\":{\"page\":\(page),\"totalPages\":\(total)},\"count\":\(count)}")
    }

    private static func asked(_ request: TransportRequest) -> Int {
        Int(request.argument("page") ?? "") ?? 0
    }

    private func walk(_ pages: PageSequence) async throws -> [Int] {
        var numbers: [Int] = []
        for try await element in pages { numbers.append(element.info.number) }
        return numbers
    }

    @Test("ends on the declared last page, ahead or not", arguments: [0, 1, 3, 8], [1, 2, 7, 30])
    func declaredEnd(_ ahead: Int, _ total: Int) async throws {
        let transport = FakeTransport { request, _ in Self.numbered(page: Self.asked(request), of: total) }
        let pages = PageSequence(client: try makeRig(transport).client, rule: NumberedRule(), answers: StatusRules())
        #expect(try await walk(pages.prefetching(ahead)) == Array(1...total))
        #expect(transport.requests.count == total)
    }

    @Test("an empty list is one page")
    func emptyList() async throws {
        let transport = FakeTransport { _, _ in Self.numbered(page: 1, of: 0, count: 0) }
        let pages = PageSequence(client: try makeRig(transport).client, rule: NumberedRule(), answers: StatusRules())
        #expect(try await walk(pages) == [1])
    }

    @Test("a list that shrinks ends where the echo says so", arguments: [0, 3])
    func pastTheEnd(_ ahead: Int) async throws {
        // While pages 1 to 4 say 6, from the 5th on the list has 4 and repeats its last page.
        let transport = FakeTransport { request, _ in
            let page = Self.asked(request)
            return page <= 4 ? Self.numbered(page: page, of: 6) : Self.numbered(page: 4, of: 4)
        }
        let pages = PageSequence(client: try makeRig(transport).client, rule: NumberedRule(), answers: StatusRules())
        #expect(try await walk(pages.prefetching(ahead)) == [1, 2, 3, 4])
    }

    @Test("a list that grows is read to its new end", arguments: [0, 3])
    func grows(_ ahead: Int) async throws {
        let transport = FakeTransport { request, _ in
            let page = Self.asked(request)
            return Self.numbered(page: page, of: page < 3 ? 3 : 5)
        }
        let pages = PageSequence(client: try makeRig(transport).client, rule: NumberedRule(), answers: StatusRules())
        #expect(try await walk(pages.prefetching(ahead)) == [1, 2, 3, 4, 5])
    }

    @Test("a wrong echo before the end is asked for once more, then the walk fails", arguments: [0, 3])
    func wrongEcho(_ ahead: Int) async throws {
        let wrong = Shared(1)
        let once = FakeTransport { request, _ in
            let page = Self.asked(request)
            let isWrong =
                page == 3
                && wrong.change { count in
                    count -= 1
                    return count >= 0
                }
            return Self.numbered(page: isWrong ? 1 : page, of: 5)
        }
        let healed = PageSequence(client: try makeRig(once).client, rule: NumberedRule(), answers: StatusRules())
        #expect(try await walk(healed.prefetching(ahead)) == [1, 2, 3, 4, 5])
        #expect(once.requests.count == 6)

        let always = FakeTransport { request, _ in
            let page = Self.asked(request)
            return Self.numbered(page: page == 3 ? 1 : page, of: 5)
        }
        let broken = PageSequence(client: try makeRig(always).client, rule: NumberedRule(), answers: StatusRules())
        let error = await extractorError { _ = try await walk(broken.prefetching(ahead)) }
        #expect(error?.code == .walkBroken)
        #expect(error?.stream == "learners")
    }

    @Test("absurd totals", arguments: ["0", "1000000000000", "-3", "\"6\"", "null"])
    func absurdTotals(_ total: String) async throws {
        let transport = FakeTransport { _, _ in
            .json("{\"meta\":{\"page\":1,\"totalPages\":\(total)},\"count\":5}")
        }
        let pages = PageSequence(client: try makeRig(transport).client, rule: NumberedRule(), answers: StatusRules())
        #expect(await extractorError { _ = try await walk(pages) }?.code == .walkBroken)
        #expect(transport.requests.count == 2)
    }

    @Test("an empty page in the middle is asked for once more, then passed")
    func emptyMiddle() async throws {
        let transport = FakeTransport { request, _ in
            let page = Self.asked(request)
            return Self.numbered(page: page, of: 4, count: page == 2 ? 0 : 1)
        }
        let pages = PageSequence(client: try makeRig(transport).client, rule: NumberedRule(), answers: StatusRules())
        #expect(try await walk(pages) == [1, 2, 3, 4])
        #expect(transport.requests.count == 5)
    }

    @Test("links are followed to their end, a repeated one is an error", arguments: [3, 1, 2])
    func links(_ period: Int) async throws {
        // Periods of 1 and 2 lead in a circle.
        let isCircle = period < 3
        let transport = FakeTransport { request, number in
            if !isCircle, number == 4 { return .json("{}") }
            let next = isCircle ? number % period : number
            return .json("{\"next\":\"/admin/api/v2/items?offset=\(next * 100)\"}")
        }
        let client = try makeRig(transport).client
        let pages = PageSequence(client: client, rule: LinkRule(client: client), answers: StatusRules())
        if isCircle {
            #expect(await extractorError { _ = try await walk(pages) }?.code == .walkBroken)
            #expect(transport.requests.count <= period + 1)
        } else {
            #expect(try await walk(pages) == [1, 2, 3, 4])
            #expect(transport.targets.last == "/admin/api/v2/items?offset=300")
        }
    }

    @Test("an ignored page number shows as two equal pages")
    func equalPages() async throws {
        let transport = FakeTransport { _, _ in .json("[{\"id\":1}]") }
        let pages = PageSequence(client: try makeRig(transport).client, rule: EmptyEndsRule(), answers: StatusRules())
        #expect(await extractorError { _ = try await walk(pages) }?.code == .walkBroken)
        #expect(transport.requests.count == 2)
        let honest = FakeTransport { request, _ in
            .json(Self.asked(request) < 4 ? "[{\"id\":\(Self.asked(request))}]" : "[]")
        }
        let good = PageSequence(client: try makeRig(honest).client, rule: EmptyEndsRule(), answers: StatusRules())
        #expect(try await walk(good) == [1, 2, 3, 4])
    }

    @Test("no walk is longer than its cap")
    func cap() async throws {
        let transport = FakeTransport { request, _ in .json("[{\"id\":\(Self.asked(request))}]") }
        let rule = EmptyEndsRule(pageCap: 10)
        let pages = PageSequence(client: try makeRig(transport).client, rule: rule, answers: StatusRules())
        #expect(await extractorError { _ = try await walk(pages) }?.code == .walkBroken)
        #expect(transport.requests.count == 10)
    }

    @Test("never more than n pages ahead of the consumer, in order", arguments: [1, 3, 5])
    func boundedReadAhead(_ ahead: Int) async throws {
        let transport = FakeTransport { request, _ in
            let page = Self.asked(request)
            // Later pages are quicker, so that order is not a matter of luck.
            for _ in 0..<(20 - page % 20) { await Task.yield() }
            return Self.numbered(page: page, of: 40)
        }
        let pages = PageSequence(client: try makeRig(transport).client, rule: NumberedRule(), answers: StatusRules())
        var delivered = 0
        var mostAhead = 0
        for try await element in pages.prefetching(ahead) {
            delivered += 1
            #expect(element.info.number == delivered)
            // Gives the pages under way every chance to run too far.
            for _ in 0..<200 { await Task.yield() }
            mostAhead = max(mostAhead, transport.requests.count - delivered)
        }
        #expect(delivered == 40)
        #expect(mostAhead <= ahead)
        #expect(mostAhead > 0)
    }

    @Test("cancellation throws, and so does asking again", arguments: [0, 3])
    func cancellation(_ ahead: Int) async throws {
        let (started, gate) = (Gate(), Gate())
        let transport = FakeTransport { request, _ in
            let page = Self.asked(request)
            if page == 2 {
                started.open()
                try await gate.pass()
            }
            return Self.numbered(page: page, of: 5)
        }
        let pages = PageSequence(client: try makeRig(transport).client, rule: NumberedRule(), answers: StatusRules())
        let walking = Task {
            var iterator = pages.prefetching(ahead).makeAsyncIterator()
            var seen = 0
            do {
                while try await iterator.next() != nil { seen += 1 }
                return (seen, false, false)
            } catch {
                let again = await #expect(throws: CancellationError.self) { _ = try await iterator.next() }
                return (seen, error is CancellationError, again != nil)
            }
        }
        try await started.pass()
        walking.cancel()
        let (seen, isCancelled, throwsAgain) = await walking.value
        #expect(seen == 1)
        #expect(isCancelled)
        #expect(throwsAgain)
    }

    @Test("a walk cancelled after its last page does not end quietly")
    func cancelledAtTheEnd() async throws {
        let transport = FakeTransport { _, _ in Self.numbered(page: 1, of: 1) }
        let pages = PageSequence(client: try makeRig(transport).client, rule: NumberedRule(), answers: StatusRules())
        let walking = Task {
            for try await _ in pages { withUnsafeCurrentTask { $0?.cancel() } }
        }
        await #expect(throws: CancellationError.self) { try await walking.value }
    }

    @Test("a consumer that stops early cancels what is under way")
    func stopsEarly() async throws {
        let cancelled = Gate()
        let transport = FakeTransport { request, _ in
            let page = Self.asked(request)
            if page == 4 {
                let never = Gate()
                defer { cancelled.open() }
                try await never.pass()
            }
            return Self.numbered(page: page, of: 9)
        }
        let pages = PageSequence(client: try makeRig(transport).client, rule: NumberedRule(), answers: StatusRules())
        for try await element in pages.prefetching(4) where element.info.number == 2 { break }
        try await cancelled.pass()
    }
}
