import Foundation

/// A fenced block of README.md: what a reader copies.
struct ReadmeBlock {
    /// The heading it stands under, without its marks.
    var section: String
    /// The word behind the fence: `sh`, `yaml`, `sql`, `cron`; empty for none.
    var language: String
    /// The lines between the fences, without the indentation of the opening one.
    var text: String

    /// All blocks of the repository's README.md, in order.
    static func all() throws -> [ReadmeBlock] {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../..")
        return parse(try String(contentsOf: root.appendingPathComponent("README.md"), encoding: .utf8))
    }

    static func parse(_ text: String) -> [ReadmeBlock] {
        var blocks: [ReadmeBlock] = []
        var section = ""
        var open: (block: ReadmeBlock, indentation: Int)?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let content = line.drop { $0 == " " }
            if content.hasPrefix("```") {
                if let done = open {
                    blocks.append(done.block)
                    open = nil
                } else {
                    let block = ReadmeBlock(section: section, language: String(content.dropFirst(3)), text: "")
                    open = (block, line.count - content.count)
                }
            } else if let (block, indentation) = open {
                let kept = line.dropFirst(min(indentation, line.count - content.count))
                open?.block.text = block.text + kept + "\n"
            } else if content.hasPrefix("## ") {
                section = String(content.dropFirst(3))
            }
        }
        return blocks
    }
}
