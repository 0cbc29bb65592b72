import Foundation

/// A port of this machine that somebody may listen on.
struct LoopbackPort: Equatable {
    let number: UInt16

    /// The port that an address on 127.0.0.1 names; `nil` for any other address.
    init?(of url: String) {
        guard let parts = URLComponents(string: url), parts.host == "127.0.0.1", let port = parts.port,
            let number = UInt16(exactly: port)
        else { return nil }
        self.number = number
    }

    /// Whether a connection is taken; on this machine that shows at once.
    var listens: Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return true }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = number.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
