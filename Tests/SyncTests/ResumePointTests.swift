import Extractor
import Platforms
import Records
import Testing

@testable import Loader
@testable import Sync

@Suite("Where an interrupted baseline goes on")
struct ResumePointTests {
    private func list(_ path: String = "/v2/users", _ partition: String = "", stream: String = "learners") -> ListRead {
        let request = APIRequest(path, stream: stream)
        return ListRead(
            stream: stream,
            partition: partition,
            request: request,
            paging: SingleAnswer(first: request),
            rules: StatusRules(),
            makeReader: { preconditionFailure("nothing is read") }
        )
    }

    private func point(_ list: ListRead, _ position: String) -> ResumePoint {
        ResumePoint([
            StoredCheckpoint(stream: ResumePoint.name(of: list), partition: list.partition, position: position, runID: 1)
        ])
    }

    @Test("a list read to its end is done; another one of the same stream, or another part, is not")
    func done() {
        let point = point(list("/v2/courses/{id}/users", "7", stream: "enrollments"), ResumePoint.done)
        #expect(point.isDone(list("/v2/courses/{id}/users", "7", stream: "enrollments")))
        #expect(!point.isDone(list("/v2/courses/{id}/users", "8", stream: "enrollments")))
        #expect(!point.isDone(list("/v2/users/{id}/courses", "7", stream: "enrollments")))
        #expect(point.resumption(of: list("/v2/courses/{id}/users", "7", stream: "enrollments")) == nil)
    }

    @Test("a list in the middle goes on with the page after the last one stored, what it knew with it")
    func middle() {
        let stored = ResumePoint.position(page: 3, items: 150, total: 320, cursor: "0:200:ab12")
        let resumption = point(list(), stored).resumption(of: list())
        #expect(resumption == WalkResume(page: 4, items: 150, total: 320, cursor: "0:200:ab12"))
        let bare = point(list(), ResumePoint.position(page: 1, items: 50, total: nil)).resumption(of: list())
        #expect(bare == WalkResume(page: 2, items: 50, total: nil))
        #expect(!point(list(), stored).isDone(list()))
    }

    @Test("a checkpoint that says nothing begins anew", arguments: ["", "{}", #"{"page": 0, "items": 3}"#, #"{"page": "x"}"#, "["])
    func unreadable(position: String) {
        #expect(point(list(), position).resumption(of: list()) == nil && !point(list(), position).isDone(list()))
    }

    @Test("when it began is known from its own checkpoint")
    func start() {
        let time = Timestamp(microsecondsSinceEpoch: 1_751_328_000_250_000)
        let checkpoint = StoredCheckpoint(
            stream: ResumePoint.startStream,
            partition: "",
            position: ResumePoint.start(time),
            runID: 1
        )
        #expect(ResumePoint([checkpoint]).startedAt == time && ResumePoint().startedAt == nil)
    }
}
