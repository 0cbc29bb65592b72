import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Testing

@testable import LMSSimulator

/// Collects what a connection sends until it is closed.
private final class Collector: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private var bytes: [UInt8] = []
    private let closed: EventLoopPromise<[UInt8]>

    init(_ closed: EventLoopPromise<[UInt8]>) {
        self.closed = closed
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        bytes.append(contentsOf: unwrapInboundIn(data).readableBytesView)
    }

    func channelInactive(context: ChannelHandlerContext) {
        closed.succeed(bytes)
    }
}

@Suite("On the wire", .timeLimit(.minutes(1)))
struct WireTests {
    /// Sends a request and returns all bytes up to the end of the connection.
    private func exchange(_ caller: Caller, _ path: String) async throws -> String {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let closed = loop.makePromise(of: [UInt8].self)
        let channel: any Channel
        do {
            channel = try await ClientBootstrap(group: loop).channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Collector(closed))
                }
            }.connect(host: "127.0.0.1", port: caller.simulator.port).get()
        } catch {
            closed.fail(error)
            throw error
        }
        let request =
            "GET /admin/api/v2/\(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            + "Pl-Client: fake-client\r\nAuthorization: Bearer \(caller.token)\r\n\r\n"
        try await channel.writeAndFlush(ByteBuffer(string: request))
        return String(decoding: try await closed.futureResult.get(), as: UTF8.self)
    }

    @Test("a good answer is whole, with the school's date")
    func whole() async throws {
        try await withSimulator { _, caller in
            let text = try await exchange(caller, "courses/course-1")
            #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(text.contains("\r\nDate: Mon, 05 Jan 2026 08:00:00 GMT\r\n"))
            #expect(text.hasSuffix(",\"success\":true}"))
        }
    }

    @Test("a truncated body ends in the middle, a closed call brings nothing, a dripping one everything")
    func broken() async throws {
        try await withSimulator { simulator, caller in
            let good = try await exchange(caller, "courses")
            simulator.faults.truncatedCalls = 1
            let cut = try await exchange(caller, "courses")
            #expect(good.hasPrefix(cut))
            #expect(cut.count < good.count * 2 / 3)
            #expect(cut.count > good.count / 3)
            simulator.faults.closedCalls = 1
            #expect(try await exchange(caller, "courses").isEmpty)
            simulator.faults.dripCalls = 1
            simulator.faults.dripBytesPerSecond = 1_000_000
            #expect(try await exchange(caller, "courses") == good)
            simulator.faults.delayMilliseconds = 20
            #expect(try await exchange(caller, "courses") == good)
        }
    }

    @Test("only loopback is listened on, and a stopped simulator answers no more")
    func lifecycle() async throws {
        await #expect(throws: SimulatorError.self) {
            _ = try await Simulator.start(School(), .init(host: "0.0.0.0"))
        }
        let simulator = try await Simulator.start(School())
        let caller = Caller(simulator)
        try await simulator.stop()
        try await simulator.stop()
        await #expect(throws: (any Error).self) { _ = try await exchange(caller, "courses") }
    }
}
