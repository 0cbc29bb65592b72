import NIOCore
import NIOHTTP1

/// Reads requests of one connection and sends their answers, as badly as each asks for.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// Bodies beyond this are cut: nothing the simulator reads is larger.
    private static let largestBody = 8 << 20

    private let answer: @Sendable (SimulatedRequest) -> SimulatedAnswer
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []

    init(answer: @escaping @Sendable (SimulatedRequest) -> SimulatedAnswer) {
        self.answer = answer
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body.removeAll(keepingCapacity: true)
        case .body(let buffer):
            if body.count + buffer.readableBytes <= Self.largestBody {
                body.append(contentsOf: buffer.readableBytesView)
            }
        case .end:
            guard let head else { return }
            let request = SimulatedRequest(
                method: head.method.rawValue,
                uri: head.uri,
                headers: head.headers,
                body: body
            )
            let answer = answer(request)
            guard answer.delayMilliseconds > 0 else {
                return send(answer, keepAlive: head.isKeepAlive, context: context)
            }
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            let keepAlive = head.isKeepAlive
            context.eventLoop.scheduleTask(in: .milliseconds(Int64(answer.delayMilliseconds))) {
                let (handler, context) = bound.value
                handler.send(answer, keepAlive: keepAlive, context: context)
            }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func send(_ answer: SimulatedAnswer, keepAlive: Bool, context: ChannelHandlerContext) {
        switch answer.delivery {
        case .stalled: return
        case .closed: return context.close(promise: nil)
        case .whole, .truncated, .dripping: break
        }
        var headers = HTTPHeaders()
        headers.reserveCapacity(6)
        headers.add(name: "Content-Type", value: answer.contentType)
        headers.add(name: "Content-Length", value: String(answer.body.readableBytes))
        if let date = answer.date { headers.add(name: "Date", value: date) }
        for (name, value) in answer.headers { headers.add(name: name, value: value) }
        if !keepAlive { headers.add(name: "Connection", value: "close") }
        let status = HTTPResponseStatus(statusCode: answer.status)
        context.write(
            wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers))),
            promise: nil
        )
        switch answer.delivery {
        case .truncated:
            let half = answer.body.getSlice(at: answer.body.readerIndex, length: answer.body.readableBytes / 2)
            if let half { context.write(wrapOutboundOut(.body(.byteBuffer(half))), promise: nil) }
            context.flush()
            context.close(promise: nil)
        case .dripping(let speed):
            context.flush()
            drip(answer.body, bytesPerSecond: speed, keepAlive: keepAlive, context: context)
        default:
            if answer.body.readableBytes > 0 {
                context.write(wrapOutboundOut(.body(.byteBuffer(answer.body))), promise: nil)
            }
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            if !keepAlive { context.close(promise: nil) }
        }
    }

    /// Sends a tenth of a second's bytes at a time, until the body ends or the client has gone.
    private func drip(_ body: ByteBuffer, bytesPerSecond: Int, keepAlive: Bool, context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        var body = body
        let interval = bytesPerSecond >= 10 ? 100 : 1000 / bytesPerSecond
        guard let slice = body.readSlice(length: min(max(bytesPerSecond / 10, 1), body.readableBytes)),
            slice.readableBytes > 0
        else {
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            if !keepAlive { context.close(promise: nil) }
            return
        }
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(slice))), promise: nil)
        let rest = body
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: .milliseconds(Int64(interval))) {
            let (handler, context) = bound.value
            handler.drip(rest, bytesPerSecond: bytesPerSecond, keepAlive: keepAlive, context: context)
        }
    }
}
