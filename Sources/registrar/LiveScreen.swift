import Foundation

/// Draws lines and, below them, a block that is replaced each time.
struct LiveScreen {
    let descriptor: Int32
    private var drawn: [String] = []

    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Writes `lines` above the block.
    mutating func show(lines: String, block: [String]) {
        guard !lines.isEmpty || block != drawn else { return }
        var text = ""
        if !drawn.isEmpty { text += "\u{1b}[\(drawn.count)F\u{1b}[J" }
        text += lines + block.map { $0 + "\n" }.joined()
        drawn = block
        FileWriting.write(text, to: descriptor)
    }

    /// Columns of the terminal.
    static func width(of descriptor: Int32) -> Int {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 20 else { return 80 }
        return Int(size.ws_col)
    }
}
