import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// A loopback server that answers each request head with raw bytes, as badly as a test wants.
struct RawServer {
    /// What to do with a connection whose request head has arrived.
    enum Reply: Sendable {
        /// Write these bytes and leave the connection open.
        case send(String)
        /// Write these bytes and close.
        case sendAndClose(String)
        /// Write these bytes, then one byte at a time for ever.
        case drip(String, every: TimeAmount)
        /// Write these bytes, then blocks without end, as fast as they are taken.
        case flood(String)
        /// Say nothing.
        case silence
    }

    let port: Int
    private let channel: any Channel
    private let heads: Heads

    /// The request heads received so far.
    var received: [String] { heads.all }

    /// Starts a server, lends it to `body`, and stops it.
    ///
    /// - Parameters:
    ///   - tls: With what it secures its connections; none are secured without.
    ///   - isHasty: Whether it replies to the first bytes it gets, whatever they are.
    static func run<Value>(
        tls: NIOSSLContext? = nil,
        isHasty: Bool = false,
        _ reply: @escaping @Sendable (_ number: Int) -> Reply,
        _ body: (RawServer) async throws -> Value
    ) async throws -> Value {
        let heads = Heads()
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls))
                    }
                    try channel.pipeline.syncOperations.addHandler(
                        Handler(reply: reply, heads: heads, isHasty: isHasty)
                    )
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let server = RawServer(port: channel.localAddress?.port ?? 0, channel: channel, heads: heads)
        do {
            let value = try await body(server)
            try await channel.close()
            return value
        } catch {
            try? await channel.close()
            throw error
        }
    }

    final class Heads: Sendable {
        private let texts = Mutex<[String]>([])

        var all: [String] { texts.withLock { $0 } }

        func add(_ text: String) -> Int {
            texts.withLock { texts in
                texts.append(text)
                return texts.count
            }
        }
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let reply: @Sendable (Int) -> Reply
        private let heads: Heads
        private let isHasty: Bool
        private var text = ""
        private var isFlooding = false

        init(reply: @escaping @Sendable (Int) -> Reply, heads: Heads, isHasty: Bool) {
            self.reply = reply
            self.heads = heads
            self.isHasty = isHasty
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            text += String(buffer: unwrapInboundIn(data))
            guard let end = text.firstRange(of: "\r\n\r\n")?.lowerBound ?? (isHasty ? text.endIndex : nil) else {
                return
            }
            let number = heads.add(String(text[..<end]))
            text = ""
            switch reply(number) {
            case .silence: break
            case .send(let bytes): write(bytes, context)
            case .sendAndClose(let bytes):
                write(bytes, context)
                context.close(promise: nil)
            case .drip(let bytes, let interval):
                write(bytes, context)
                let loopBound = NIOLoopBound(context, eventLoop: context.eventLoop)
                context.eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { task in
                    let context = loopBound.value
                    guard context.channel.isActive else { return task.cancel() }
                    context.writeAndFlush(NIOAny(ByteBuffer(string: "x")), promise: nil)
                }
            case .flood(let bytes):
                write(bytes, context)
                isFlooding = true
                flood(context)
            }
        }

        func channelWritabilityChanged(context: ChannelHandlerContext) {
            if isFlooding { flood(context) }
        }

        private func flood(_ context: ChannelHandlerContext) {
            let block = ByteBuffer(repeating: 0x78, count: 65_536)
            while context.channel.isWritable, context.channel.isActive {
                context.writeAndFlush(NIOAny(block), promise: nil)
            }
        }

        private func write(_ text: String, _ context: ChannelHandlerContext) {
            context.writeAndFlush(NIOAny(ByteBuffer(string: text)), promise: nil)
        }
    }
}
