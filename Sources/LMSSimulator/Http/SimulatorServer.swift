import NIOCore
import NIOHTTP1
import NIOPosix

/// The HTTP server: SwiftNIO's HTTP/1 pipeline on one thread, without a framework.
///
/// Faults need the bytes (a body that ends in the middle, drips, or never comes) and pages must cost little: the
/// simulator shares two cores with the loader it is measured against.
struct SimulatorServer: Sendable {
    private let group: MultiThreadedEventLoopGroup
    /// The port that was bound.
    let port: Int

    init(host: String, port: Int, answer: @escaping @Sendable (SimulatedRequest) -> SimulatedAnswer) async throws {
        guard ["127.0.0.1", "::1", "localhost"].contains(host) else {
            throw SimulatorError("\(host) is not loopback: the simulator listens on 127.0.0.1, ::1 or localhost only")
        }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        self.group = group
        do {
            let channel = try await ServerBootstrap(group: group)
                .serverChannelOption(.backlog, value: 256)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                .childChannelInitializer { channel in
                    channel.pipeline.configureHTTPServerPipeline().flatMapThrowing {
                        try channel.pipeline.syncOperations.addHandler(ConnectionHandler(answer: answer))
                    }
                }
                .bind(host: host, port: port).get()
            self.port = channel.localAddress?.port ?? port
        } catch {
            try? await group.shutdownGracefully()
            throw SimulatorError("cannot listen on \(host):\(port): \(error)")
        }
    }

    /// Closes the port and every connection.
    func stop() async throws {
        try await group.shutdownGracefully()
    }
}
