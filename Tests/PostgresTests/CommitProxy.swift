import Foundation
import Glibc

/// Stands between one client and the server, and cuts the connection around COMMIT.
final class CommitProxy: Sendable {
    enum Fault: Sendable {
        /// The server never sees COMMIT.
        case beforeCommit
        /// The server commits, the client never hears of it.
        case afterCommit
    }

    let directory: String
    private let listener: Int32

    struct CannotListen: Error {}

    init(server: String, fault: Fault) throws {
        let directory = "/tmp/registrar-proxy-\(UInt32.random(in: 0 ..< .max))"
        self.directory = directory
        mkdir(directory, 0o700)
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        self.listener = listener
        guard Self.call(bind, listener, "\(directory)/.s.PGSQL.5432") == 0, listen(listener, 1) == 0 else {
            throw CannotListen()
        }
        Thread.detachNewThread {
            let client = accept(listener, nil, nil)
            let upstream = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            guard client >= 0, Self.call(connect, upstream, server) == 0 else { return }
            Self.relay(client, upstream, fault)
            close(client)
            close(upstream)
        }
    }

    func remove() {
        close(listener)
        try? FileManager.default.removeItem(atPath: directory)
    }

    private static func relay(_ client: Int32, _ upstream: Int32, _ fault: Fault) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var isCommitSent = false
        while true {
            var sockets = [
                pollfd(fd: client, events: Int16(POLLIN), revents: 0),
                pollfd(fd: upstream, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&sockets, 2, 20_000) > 0 else { return }
            let isFromClient = sockets[0].revents != 0
            let count = read(isFromClient ? client : upstream, &buffer, buffer.count)
            guard count > 0 else { return }
            if isFromClient, buffer[..<count].firstRange(of: Array("COMMIT".utf8)) != nil {
                guard fault == .afterCommit else { return }
                isCommitSent = true
            }
            if !isFromClient, isCommitSent { return }
            guard write(isFromClient ? upstream : client, buffer, count) == count else { return }
        }
    }

    private static func call(
        _ function: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32,
        _ descriptor: Int32,
        _ path: String
    ) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8).prefix($0.count - 1)) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                function(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
