import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

extension Simulator {
    /// Delivers webhooks, duplicates right behind their originals.
    ///
    /// - Returns: The receiver's status for each delivery, in order.
    /// - Throws: ``SimulatorError`` where the receiver is not on loopback or does not answer within five seconds.
    package func send(_ webhooks: WebhookRequest) async throws -> [Int] {
        guard let url = URL(string: webhooks.url), url.scheme == "http", let host = url.host, let port = url.port,
            ["127.0.0.1", "::1", "localhost"].contains(host)
        else { throw SimulatorError("webhooks go to http://127.0.0.1:PORT/… only") }
        guard let proofHeader = withSite({ (site: LearnWorldsSite) in site.platform.product.webhookHeader }) else {
            throw SimulatorError("this platform sends no such webhooks")
        }
        var statuses: [Int] = []
        for body in try webhooks.bodies() {
            for _ in 0...max(webhooks.duplicates, 0) {
                var headers = HTTPHeaders([("Host", "\(host):\(port)"), ("Content-Type", "application/json")])
                headers.add(name: proofHeader, value: webhooks.proof(of: body))
                headers.add(name: "Content-Length", value: "\(body.count)")
                headers.add(name: "Connection", value: "close")
                let head = HTTPRequestHead(
                    version: .http1_1,
                    method: .POST,
                    uri: url.path.isEmpty ? "/" : url.path,
                    headers: headers
                )
                statuses.append(try await Self.deliver(head, body, host: host, port: port))
            }
        }
        return statuses
    }

    private static func deliver(_ head: HTTPRequestHead, _ body: [UInt8], host: String, port: Int) async throws -> Int {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let status = loop.makePromise(of: Int.self)
        let deadline = loop.scheduleTask(in: .seconds(5)) {
            status.fail(SimulatorError("the webhook receiver did not answer"))
        }
        let connecting = ClientBootstrap(group: loop).connectTimeout(.seconds(5)).channelInitializer { channel in
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
                channel.write(HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(bytes: body))), promise: nil)
                channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
                status.futureResult.whenComplete { _ in channel.close(promise: nil) }
            }
        }
        status.futureResult.whenComplete { _ in deadline.cancel() }
        return try await status.futureResult.get()
    }
}

extension LearnWorldsProduct {
    /// The header that proves a delivery's origin.
    var webhookHeader: String { self == .grow ? "Pl-Webhook-Signature" : "Learnworlds-Webhook-Signature" }
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
