import Foundation
import Glibc
import Synchronization

/// Accepts one TCP connection on the loopback, answers its first bytes once, and remembers what came.
final class SilentListener: Sendable {
    let port: UInt16
    private let listener: Int32
    private let bytes = Mutex<[UInt8]>([])

    struct CannotListen: Error {}

    var received: [UInt8] { bytes.withLock { $0 } }

    init(answer: [UInt8]) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) | listen(listener, 1) | getsockname(listener, $0, &length)
            }
        }
        guard code == 0 else { throw CannotListen() }
        self.listener = listener
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread { [self] in
            let client = accept(listener, nil, nil)
            guard client >= 0 else { return }
            defer { close(client) }
            var buffer = [UInt8](repeating: 0, count: 4096)
            while true {
                let count = read(client, &buffer, buffer.count)
                guard count > 0 else { return }
                bytes.withLock { $0 += buffer[..<count] }
                guard answer.isEmpty || write(client, answer, answer.count) > 0 else { return }
            }
        }
    }

    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }
}
