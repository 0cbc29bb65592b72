import Glibc
import NIOCore
import Testing

@testable import Extractor

@Suite("The real transport", .timeLimit(.minutes(1)))
struct AsyncHTTPTransportTests {
    /// Sends one request to a server that replies with `reply`.
    private func exchange(
        timeLimit: Duration = .seconds(20),
        silence: Duration = .seconds(20),
        byteLimit: Int = 1 << 20,
        _ reply: @escaping @Sendable (Int) -> RawServer.Reply,
        check: (Result<TransportResponse, any Error>, RawServer) throws -> Void
    ) async throws {
        try await RawServer.run(reply) { server in
            var limits = AsyncHTTPTransport.Limits()
            limits.silence = silence
            let origin = try APIOrigin(parsing: "http://127.0.0.1:\(server.port)")
            let transport = AsyncHTTPTransport(origin: origin, limits: limits)
            let result: Result<TransportResponse, any Error>
            do {
                result = .success(
                    try await transport.send(Self.request(origin, timeLimit: timeLimit, byteLimit: byteLimit))
                )
            } catch {
                result = .failure(error)
            }
            try await transport.shutdown()
            try check(result, server)
        }
    }

    private static func request(
        _ origin: APIOrigin,
        timeLimit: Duration = .seconds(20),
        byteLimit: Int = 1 << 20
    ) -> TransportRequest {
        TransportRequest(
            method: .get,
            origin: origin,
            target: "/admin/api/v2/users?page=1",
            headers: [("X-Key", "k")],
            body: nil,
            timeLimit: timeLimit,
            byteLimit: byteLimit
        )
    }

    private static func kind(_ result: Result<TransportResponse, any Error>) -> TransportFailure.Kind? {
        if case .failure(let error) = result { (error as? TransportFailure)?.kind } else { nil }
    }

    @Test("a whole answer arrives as it was sent")
    func good() async throws {
        try await exchange { _ in
            .send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-One: 1\r\n\r\n[]")
        } check: { result, server in
            let response = try result.get()
            #expect(response.status == 200)
            #expect(String(buffer: response.body) == "[]")
            #expect(response.headers["x-one"] == "1")
            let head = try #require(server.received.first)
            #expect(head.hasPrefix("GET /admin/api/v2/users?page=1 HTTP/1.1\r\n"))
            #expect(head.lowercased().contains("x-key: k"))
            #expect(!head.lowercased().contains("accept-encoding"))
        }
    }

    @Test(
        "answers whose framing lies are refused",
        arguments: [
            "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[1,2",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n[1,2\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n[]",
            "HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\n[]",
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n0\r\n\r\n",
            "no HTTP at all\r\n\r\n", "",
        ]
    )
    func lyingFrames(_ reply: String) async throws {
        try await exchange { _ in
            .sendAndClose(reply)
        } check: { result, _ in
            #expect(Self.kind(result) == .connectionLost)
        }
    }

    @Test("an answer cut by close without a length is no whole document")
    func closeDelimited() async throws {
        try await RawServer.run { _ in
            .sendAndClose("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"data\":[1,2")
        } _: { server in
            let origin = try APIOrigin(parsing: "http://127.0.0.1:\(server.port)")
            let transport = AsyncHTTPTransport(origin: origin)
            let rig = try makeRig(transport, origin: origin.text)
            let error = await extractorError { _ = try await rig.client.fetch(APIRequest("/x", stream: "s")) }
            try await transport.shutdown()
            #expect(error?.code == .badAnswer)
            #expect(server.received.count == 6)
        }
    }

    @Test("a dripping body ends at the deadline")
    func drip() async throws {
        let begin = ContinuousClock.now
        try await exchange(timeLimit: .milliseconds(400)) { _ in
            .drip("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", every: .milliseconds(20))
        } check: { result, _ in
            #expect(Self.kind(result) == .timedOut)
            #expect(ContinuousClock.now - begin < .milliseconds(1_400))
        }
    }

    @Test(
        "silence before and in the middle of an answer ends early",
        arguments: [
            RawServer.Reply.silence, .send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nx"),
        ]
    )
    func silence(_ reply: RawServer.Reply) async throws {
        let begin = ContinuousClock.now
        try await exchange(silence: .milliseconds(300)) { _ in
            reply
        } check: { result, _ in
            #expect(Self.kind(result) == .timedOut)
            #expect(ContinuousClock.now - begin < .seconds(5))
        }
    }

    @Test("redirects are answers, not journeys", arguments: [301, 302, 303, 304, 307, 308])
    func redirects(_ status: Int) async throws {
        try await RawServer.run { _ in
            .silence
        } _: { other in
            try await exchange { _ in
                .send("HTTP/1.1 \(status) X\r\nLocation: http://127.0.0.1:\(other.port)/\r\nContent-Length: 0\r\n\r\n")
            } check: { result, server in
                let response = try result.get()
                #expect(response.status == status)
                #expect(server.received.count == 1)
                #expect(other.received.isEmpty)
            }
        }
    }

    @Test(
        "answers above the limit are refused, announced or not",
        arguments: [
            RawServer.Reply.flood("HTTP/1.1 200 OK\r\nContent-Length: 2000000000\r\n\r\n"),
            .flood("HTTP/1.1 200 OK\r\n\r\n"),
        ]
    )
    func tooLarge(_ reply: RawServer.Reply) async throws {
        try await exchange(byteLimit: 1 << 20) { _ in
            reply
        } check: { result, _ in
            #expect(Self.kind(result) == .tooLarge)
        }
    }

    @Test("a compressed answer nobody asked for stays what it is")
    func compressed() async throws {
        try await exchange { _ in
            .send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc")
        } check: { result, _ in
            let response = try result.get()
            #expect(String(buffer: response.body) == "abc")
        }
    }

    @Test("a header flood is refused")
    func headerFlood() async throws {
        try await exchange { _ in
            .send("HTTP/1.1 200 OK\r\nX: " + String(repeating: "x", count: 300_000) + "\r\n\r\n")
        } check: { result, _ in
            #expect(Self.kind(result) == .connectionLost)
        }
    }

    @Test("nobody listening is told at once")
    func refusedConnection() async throws {
        try await withBoundPort { port in
            let origin = try APIOrigin(parsing: "http://127.0.0.1:\(port)")
            let transport = AsyncHTTPTransport(origin: origin)
            let error = await #expect(throws: TransportFailure.self) {
                _ = try await transport.send(Self.request(origin))
            }
            try await transport.shutdown()
            #expect(error?.kind == .unreachable)
        }
    }

    /// Lends a port that is taken, so that nothing else in the process gets it, and that nobody listens on.
    private func withBoundPort(_ body: (UInt16) async throws -> Void) async throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        try #require(isBound)
        try await body(UInt16(bigEndian: address.sin_port))
    }

    @Test("cancelling ends a call under way")
    func cancellation() async throws {
        let arrived = Gate()
        try await RawServer.run { _ in
            arrived.open()
            return .silence
        } _: { server in
            let origin = try APIOrigin(parsing: "http://127.0.0.1:\(server.port)")
            let transport = AsyncHTTPTransport(origin: origin)
            let call = Task { try await transport.send(Self.request(origin)) }
            try await arrived.pass()
            call.cancel()
            await #expect(throws: CancellationError.self) { try await call.value }
            try await transport.shutdown()
        }
    }

    @Test("connections are kept and used again")
    func keepAlive() async throws {
        try await RawServer.run { _ in
            .send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]")
        } _: { server in
            let origin = try APIOrigin(parsing: "http://127.0.0.1:\(server.port)")
            let transport = AsyncHTTPTransport(origin: origin)
            for _ in 0..<50 { _ = try await transport.send(Self.request(origin)) }
            try await transport.shutdown()
            #expect(server.received.count == 50)
        }
    }

    @Test("a request for another origin is not sent")
    func otherOrigin() async throws {
        try await RawServer.run { _ in
            .silence
        } _: { server in
            let origin = try APIOrigin(parsing: "http://127.0.0.1:\(server.port)")
            let transport = AsyncHTTPTransport(origin: try APIOrigin(parsing: "https://school.example.com"))
            await #expect(throws: TransportFailure.self) { _ = try await transport.send(Self.request(origin)) }
            try await transport.shutdown()
            #expect(server.received.isEmpty)
        }
    }

    @Test("a public name that leads to this machine gets no byte")
    func addressGuard() async throws {
        try await RawServer.run { _ in
            .silence
        } _: { server in
            let origin = try APIOrigin(parsing: "http://127.0.0.1:\(server.port)")
            let guarded = try APIOrigin(parsing: "https://school.example.com")
            let transport = AsyncHTTPTransport(origin: origin, guardedAs: guarded, limits: .init())
            let error = await #expect(throws: TransportFailure.self) {
                _ = try await transport.send(Self.request(origin))
            }
            try await transport.shutdown()
            #expect(error?.kind == .addressRefused)
            #expect(server.received.isEmpty)
        }
    }
}

@Suite("Addresses a name may lead to")
struct AddressRuleTests {
    @Test(
        "a public host",
        arguments: [
            ("93.184.216.34", true), ("10.1.2.3", true), ("192.168.1.1", true), ("127.0.0.1", false),
            ("127.9.9.9", false),
            ("169.254.169.254", false), ("0.0.0.0", false), ("100.100.100.200", false), ("224.0.0.1", false),
            ("255.255.255.255", false), ("::1", false), ("::", false), ("fe80::1", false), ("fd00:ec2::254", false),
            ("::ffff:127.0.0.1", false), ("::ffff:169.254.169.254", false), ("::ffff:93.184.216.34", true),
            ("2606:2800:220:1::1", true), ("ff02::1", false), ("::127.0.0.1", false),
        ]
    )
    func publicHost(_ address: String, _ isAllowed: Bool) throws {
        let origin = try APIOrigin(parsing: "https://school.example.com")
        #expect(AddressRule.allows(try SocketAddress(ipAddress: address, port: 443), for: origin) == isAllowed)
    }

    @Test(
        "this machine",
        arguments: [("127.0.0.1", true), ("::1", true), ("93.184.216.34", false), ("10.0.0.1", false)]
    )
    func loopbackHost(_ address: String, _ isAllowed: Bool) throws {
        let origin = try APIOrigin(parsing: "http://localhost:8080")
        #expect(AddressRule.allows(try SocketAddress(ipAddress: address, port: 8080), for: origin) == isAllowed)
    }
}
