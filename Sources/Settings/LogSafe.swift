/// Makes text from outside safe to print: no line breaks, no terminal commands, no text that runs backwards.
package enum LogSafe {
    /// `text` with every character that a terminal or a log reader could obey written as an escape.
    package static func text(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isActive) else { return text }
        var safe = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": safe += "\\n"
            case "\r": safe += "\\r"
            case "\t": safe += "\\t"
            case _ where isActive(scalar):
                let digits = String(scalar.value, radix: 16)
                safe += "\\u{\(digits)}"
            default: safe.unicodeScalars.append(scalar)
            }
        }
        return safe
    }

    private static func isActive(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00...0x1f, 0x7f...0x9f: true  // C0, DEL, C1
        case 0x2028, 0x2029: true  // line and paragraph separators
        case 0x200e, 0x200f, 0x202a...0x202e, 0x2066...0x2069: true  // direction of writing
        case 0xfeff, 0xfff9...0xfffb: true
        default: false
        }
    }
}
