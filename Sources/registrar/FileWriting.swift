import Foundation

/// Writes to a descriptor, giving up where it cannot be written.
enum FileWriting {
    /// - Returns: 0, or the error number for which not all was written.
    @discardableResult
    static func write(_ text: String, to descriptor: Int32) -> Int32 {
        var text = text
        return text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let count = Foundation.write(descriptor, rest.baseAddress, rest.count)
                if count > 0 {
                    rest = UnsafeRawBufferPointer(rebasing: rest[count...])
                } else if count < 0, errno == EAGAIN {
                    // The other end shares a non-blocking terminal or pipe with us: wait until it takes more.
                    var descriptors = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    guard poll(&descriptors, 1, 5_000) > 0 else { return EAGAIN }
                } else if count == 0 {
                    return EIO
                } else if errno != EINTR {
                    return errno
                }
            }
            return 0
        }
    }
}
