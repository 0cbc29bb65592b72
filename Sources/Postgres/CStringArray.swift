/// A NULL-terminated array of C strings that lives as long as this object.
///
/// The strings must not contain NUL.
final class CStringArray {
    private let bytes: UnsafeMutablePointer<CChar>
    private let entries: UnsafeMutablePointer<UnsafePointer<CChar>?>

    var pointers: UnsafePointer<UnsafePointer<CChar>?> { UnsafePointer(entries) }

    init(_ strings: [String]) {
        bytes = .allocate(capacity: max(1, strings.reduce(0) { $0 + $1.utf8.count + 1 }))
        entries = .allocate(capacity: strings.count + 1)
        var position = 0
        for (index, string) in strings.enumerated() {
            entries[index] = UnsafePointer(bytes + position)
            for byte in string.utf8 {
                bytes[position] = CChar(bitPattern: byte)
                position += 1
            }
            bytes[position] = 0
            position += 1
        }
        entries[strings.count] = nil
    }

    deinit {
        bytes.deallocate()
        entries.deallocate()
    }
}
