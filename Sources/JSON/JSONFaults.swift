/// What is wrong inside a value that could be read nevertheless.
package struct JSONFaults: OptionSet, Hashable, Sendable {
    /// One bit a fault.
    package let rawValue: UInt8

    /// Creates a set from its bits.
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// An object has the same key twice, compared unescaped and byte by byte.
    package static let duplicateKey = JSONFaults(rawValue: 1 << 0)
    /// Something that is no JSON value stands where one is due (`NaN`, `01`, `"\x"`); its kind is `invalid`.
    package static let invalidValue = JSONFaults(rawValue: 1 << 1)
    /// A string or key is longer than ``JSONLimits/maxStringBytes``.
    package static let oversizeString = JSONFaults(rawValue: 1 << 2)
    /// U+0000 or a lone surrogate became U+FFFD.
    package static let hadReplacement = JSONFaults(rawValue: 1 << 3)
    /// The same in an object's key.
    package static let replacementInKey = JSONFaults(rawValue: 1 << 4)
    /// Containers beyond ``JSONLimits/maxDepth`` were left out.
    package static let tooDeep = JSONFaults(rawValue: 1 << 5)
    /// A number that PostgreSQL's `numeric` cannot hold, such as `1e999999`.
    package static let numberOutOfRange = JSONFaults(rawValue: 1 << 6)
}
