import Glibc
import NIOCore
import NIOSSL
import Testing

@testable import Extractor

@Suite("Why no answer came", .timeLimit(.minutes(1)))
struct ConnectionDiagnosisTests {
    /// Asks for a page and returns the error, and how often a call went out.
    private func failure(
        _ address: String,
        trusting roots: NIOSSLTrustRoots = .default
    ) async throws -> (error: ExtractorError?, tries: Int) {
        let origin = try APIOrigin(parsing: address)
        let transport = AsyncHTTPTransport(origin: origin, guardedAs: origin, limits: .init(), trusting: roots)
        let rig = try makeRig(transport, origin: origin.text)
        let error = await extractorError { _ = try await rig.client.fetch(APIRequest("/x", stream: "s")) }
        try await transport.shutdown()
        return (error, rig.events.data.count)
    }

    private func authority() throws -> NIOSSLTrustRoots {
        .certificates(try NIOSSLCertificate.fromPEMBytes(Array(TestCertificates.authority.utf8)))
    }

    private static let page = RawServer.Reply.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]")

    @Test("a name that nobody knows")
    func unknownName() async throws {
        // No label of a name is that long: the resolver says so without asking anybody.
        let (error, _) = try await failure("https://\(String(repeating: "a", count: 70)).example")
        #expect(error?.code == .unreachable)
        #expect(error?.message == "the host name is not known")
    }

    @Test("a port at which nobody listens")
    func refused() async throws {
        let (error, tries) = try await failure("http://127.0.0.1:1")
        #expect(error?.code == .unreachable)
        #expect(error?.message == "the host refuses the connection: nothing listens at this port")
        #expect(tries == 6)
    }

    @Test("an authority that this machine does not know is told, and not asked again")
    func unknownAuthority() async throws {
        try await RawServer.run(tls: TestCertificates.localhost.context()) { _ in
            Self.page
        } _: { server in
            let (error, tries) = try await failure("https://localhost:\(server.port)")
            #expect(error?.code == .insecure)
            #expect(error?.message.contains("certificate is not trusted") == true, "\(error?.message ?? "none")")
            #expect(error?.exitClass == .sourceFailed)
            #expect(tries == 1)
            #expect(server.received.isEmpty)
        }
    }

    @Test("a certificate of another name is told, and not asked again")
    func otherName() async throws {
        try await RawServer.run(tls: TestCertificates.other.context()) { _ in
            Self.page
        } _: { server in
            let (error, tries) = try await failure("https://localhost:\(server.port)", trusting: authority())
            #expect(error?.code == .insecure)
            #expect(error?.message == "the host's certificate is made out for another name")
            #expect(tries == 1)
            #expect(server.received.isEmpty)
        }
    }

    @Test("plain HTTP behind https is told, and not asked again")
    func plain() async throws {
        // As web servers do with bytes that are no request.
        try await RawServer.run(isHasty: true) { _ in
            .sendAndClose("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        } _: { server in
            let (error, tries) = try await failure("https://localhost:\(server.port)")
            #expect(error?.code == .insecure)
            #expect(error?.message.contains("without TLS") == true, "\(error?.message ?? "none")")
            #expect(tries == 1)
        }
    }

    @Test("a certificate of the right name and a known authority is good")
    func good() async throws {
        try await RawServer.run(tls: TestCertificates.localhost.context()) { _ in
            Self.page
        } _: { server in
            let (error, tries) = try await failure("https://localhost:\(server.port)", trusting: authority())
            #expect(error == nil)
            #expect(tries == 1)
        }
    }
}
