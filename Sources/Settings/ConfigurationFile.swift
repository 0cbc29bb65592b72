#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Finds and reads the files of the configuration.
package enum ConfigurationFile {
    /// Where `registrar.yaml` is looked for when nothing names a file, in this order.
    package static let defaultPaths = ["registrar.yaml", "/etc/registrar/registrar.yaml"]
    /// The variable that replaces the default places.
    package static let environmentVariable = "REGISTRAR_CONFIG"

    /// A file as read.
    struct Contents {
        var bytes: [UInt8]
        /// Permission bits.
        var mode: UInt32
    }

    /// Why a file was not read, in the system's words.
    struct ReadFailure: Error {
        var reason: String
    }

    /// The file that `--config`, the environment or the default places name.
    ///
    /// - Throws: Where nothing names a file and none of the default places has one.
    package static func find(
        path: String?,
        environment: [String: String]
    ) throws(ConfigurationError) -> String {
        if let path { return path }
        if let named = environment[environmentVariable], !named.isEmpty { return named }
        for candidate in defaultPaths where access(candidate, F_OK) == 0 { return candidate }
        throw ConfigurationError(
            ConfigurationProblem(
                file: defaultPaths[0],
                message: "no configuration found (looked for \(defaultPaths.joined(separator: ", then ")))",
                suggestion: "run `registrar init` to write one, or name it with --config"
            )
        )
    }

    /// The bytes of a configuration file.
    static func read(
        _ name: String
    ) throws(ConfigurationError) -> (name: String, bytes: [UInt8], mode: UInt32) {
        do {
            let contents = try contents(of: name, limit: 1_048_576)
            return (LogSafe.text(name), contents.bytes, contents.mode)
        } catch {
            throw ConfigurationError(
                ConfigurationProblem(
                    file: LogSafe.text(name),
                    message: "the configuration cannot be read: \(error.reason)",
                    suggestion: "run `registrar init` to write one, or name another with --config"
                )
            )
        }
    }

    /// Reads at most `limit` bytes; a larger file is refused.
    static func contents(of path: String, limit: Int) throws(ReadFailure) -> Contents {
        // Non-blocking, so that a named pipe nobody writes to does not hold up the start.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw ReadFailure(reason: reason(errno)) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw ReadFailure(reason: reason(errno)) }
        guard status.st_mode & S_IFMT != S_IFDIR else { throw ReadFailure(reason: "it is a directory") }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = chunk.withUnsafeMutableBytes { Self.read(descriptor, into: $0) }
            guard count >= 0 else { throw ReadFailure(reason: reason(errno)) }
            if count == 0 { break }
            bytes += chunk[..<count]
            guard bytes.count <= limit else { throw ReadFailure(reason: "it is larger than \(limit) bytes") }
        }
        return Contents(bytes: bytes, mode: UInt32(status.st_mode))
    }

    private static func read(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer) -> Int {
        var count: Int
        repeat {
            #if canImport(Glibc)
            count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            #elseif canImport(Musl)
            count = Musl.read(descriptor, buffer.baseAddress, buffer.count)
            #else
            count = Darwin.read(descriptor, buffer.baseAddress, buffer.count)
            #endif
        } while count < 0 && errno == EINTR
        return count
    }

    private static func reason(_ code: Int32) -> String {
        String(cString: strerror(code)).lowercased()
    }
}
