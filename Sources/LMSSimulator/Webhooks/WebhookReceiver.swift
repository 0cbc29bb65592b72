import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// Where webhooks are sent to.
struct WebhookReceiver: Sendable {
    let host: String
    let port: Int
    let path: String

    /// Refuses every address that is not on this machine.
    init(_ address: String) throws(SimulatorError) {
        guard let url = URL(string: address), url.scheme == "http", let host = url.host, let port = url.port,
            ["127.0.0.1", "::1", "localhost"].contains(host)
        else { throw SimulatorError("webhooks go to http://127.0.0.1:PORT/… only") }
        (self.host, self.port) = (host, port)
        path = url.path.isEmpty ? "/" : url.path
    }

    /// Sends one delivery and returns the receiver's status.
    ///
    /// - Throws: ``SimulatorError`` or the connection's error where no answer comes within `seconds`.
    func status(of delivery: WebhookDelivery, within seconds: Int64) async throws -> Int {
        var headers = HTTPHeaders([("Host", "\(host):\(port)")])
        for (name, value) in delivery.headers { headers.add(name: name, value: value) }
        headers.add(name: "Content-Length", value: "\(delivery.body.count)")
        headers.add(name: "Connection", value: "close")
        let head = HTTPRequestHead(version: .http1_1, method: .POST, uri: path, headers: headers)
        let body = ByteBuffer(bytes: delivery.body)
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let status = loop.makePromise(of: Int.self)
        let deadline = loop.scheduleTask(in: .seconds(seconds)) {
            status.fail(SimulatorError("the webhook receiver did not answer"))
        }
        let connecting = ClientBootstrap(group: loop).connectTimeout(.seconds(seconds)).channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHTTPClientHandlers()
                try channel.pipeline.syncOperations.addHandler(StatusReader(status: status))
            }
        }.connect(host: host, port: port)
        connecting.whenComplete { result in
            switch result {
            case .failure(let error): status.fail(error)
            case .success(let channel):
                channel.write(HTTPClientRequestPart.head(head), promise: nil)
                channel.write(HTTPClientRequestPart.body(.byteBuffer(body)), promise: nil)
                channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
                status.futureResult.whenComplete { _ in channel.close(promise: nil) }
            }
        }
        status.futureResult.whenComplete { _ in deadline.cancel() }
        return try await status.futureResult.get()
    }
}

/// Waits for the status of one answer.
private final class StatusReader: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart

    private let status: EventLoopPromise<Int>

    init(status: EventLoopPromise<Int>) {
        self.status = status
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(let head) = unwrapInboundIn(data) { status.succeed(Int(head.status.code)) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        status.fail(SimulatorError("the webhook receiver closed without an answer"))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        status.fail(error)
        context.close(promise: nil)
    }
}
