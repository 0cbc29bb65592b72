/// A value that nothing prints, encodes or interpolates: a token, key or password.
///
/// The text lives in a closure, so that printing, `dump` and mirrors of anything that holds a secret show nothing.
package struct Secret: Sendable {
    private let read: @Sendable () -> String

    /// Wraps `value`; the caller drops its own copy.
    package init(_ value: String) {
        read = { value }
    }

    /// Whether there is nothing to keep secret.
    package var isEmpty: Bool { read().isEmpty }

    /// Hands the text to `body`, which is the place that builds a request, a digest or a scrubber, and nothing else.
    package func reveal<Value>(_ body: (String) throws -> Value) rethrows -> Value {
        try body(read())
    }
}

extension DefaultStringInterpolation {
    /// Interpolating a secret is a mistake that does not compile.
    @available(*, unavailable, message: "a secret never becomes part of a text; use reveal where a request is built")
    package mutating func appendInterpolation(_ secret: Secret) {}
}
