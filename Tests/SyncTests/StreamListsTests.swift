import Testing

@testable import Sync

@Suite("The lists of a stream")
struct StreamListsTests {
    /// What happens to a stream.
    enum Step: Sendable {
        case order(Int)
        case end, begin
        case wait(Int)
        case hold, release
    }

    @Test(
        "it is over when a page came, and nothing is ordered, waits or may still be ordered",
        arguments: [
            ([.order(1), .begin, .end], 1, 1, true),
            ([.order(1), .begin], 0, 1, false),
            ([.order(1), .end], 1, 1, false),
            ([.order(2), .begin, .end], 1, 2, false),
            ([.order(1), .begin, .end, .wait(3)], 1, 4, false),
            ([.order(1), .wait(3), .begin, .end, .wait(0)], 1, 1, true),
            ([.hold, .order(1), .begin, .end], 1, 1, false),
            ([.hold, .hold, .order(1), .begin, .end, .release], 1, 1, false),
            ([.hold, .order(1), .begin, .end, .release], 1, 1, true),
            ([], 0, 0, false),
            ([.end, .release], 0, 0, false),
        ] as [([Step], Int, Int, Bool)]
    )
    func over(_ steps: [Step], _ done: Int, _ known: Int, _ isOver: Bool) {
        var lists = StreamLists()
        for step in steps {
            switch step {
            case .order(let count): lists.order(count)
            case .end: lists.end()
            case .begin: _ = lists.begin()
            case .wait(let count): lists.waiting = count
            case .hold: lists.hold()
            case .release: lists.release()
            }
        }
        #expect(lists.done == done)
        #expect(lists.known == known)
        let (first, second) = (lists.finish(), lists.finish())
        #expect(first == isOver)
        #expect(!second, "it ends once")
    }

    @Test("lists that are ordered later open it again")
    func again() {
        var lists = StreamLists()
        lists.order(1)
        let (first, second) = (lists.begin(), lists.begin())
        #expect(first && !second)
        lists.end()
        var ends = [lists.finish()]
        lists.order(1)
        ends.append(lists.finish())
        lists.end()
        ends.append(lists.finish())
        #expect(ends == [true, false, true])
    }
}
