import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// Collects one answer on its event loop, within a limit of bytes.
///
/// The callbacks come in order on one event loop; `@unchecked` because the compiler cannot see that.
final class AnswerCollector: HTTPClientResponseDelegate, @unchecked Sendable {
    struct TooLarge: Error {}

    typealias Response = TransportResponse

    private let byteLimit: Int
    private var head: HTTPResponseHead?
    private var body = ByteBuffer()

    init(byteLimit: Int) {
        self.byteLimit = byteLimit
    }

    func didReceiveHead(task: HTTPClient.Task<TransportResponse>, _ head: HTTPResponseHead) -> EventLoopFuture<Void> {
        self.head = head
        if let announced = head.headers.first(name: "Content-Length").flatMap({ Int($0) }) {
            guard announced <= byteLimit else { return task.eventLoop.makeFailedFuture(TooLarge()) }
            // An announcement is a promise of the platform, not a fact: reserve only what is usual.
            body.reserveCapacity(min(announced, 1 << 20))
        }
        return task.eventLoop.makeSucceededVoidFuture()
    }

    func didReceiveBodyPart(task: HTTPClient.Task<TransportResponse>, _ part: ByteBuffer) -> EventLoopFuture<Void> {
        guard body.readableBytes + part.readableBytes <= byteLimit else {
            return task.eventLoop.makeFailedFuture(TooLarge())
        }
        var part = part
        body.writeBuffer(&part)
        return task.eventLoop.makeSucceededVoidFuture()
    }

    func didFinishRequest(task: HTTPClient.Task<TransportResponse>) throws -> TransportResponse {
        guard let head else { throw HTTPClientError.remoteConnectionClosed }
        return TransportResponse(status: Int(head.status.code), headers: ResponseHeaders(head.headers), body: body)
    }
}
