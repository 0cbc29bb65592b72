import Testing
import Transformer

@Suite("HTML entities in titles and names")
struct HTMLEntitiesTests {
    @Test(
        "are decoded, up to two times",
        arguments: [
            ("Fire Safety &amp; You", "Fire Safety & You"),
            ("Fire Safety &amp;amp; You", "Fire Safety & You"),
            ("&amp;amp;amp;", "&amp;"),
            ("&lt;b&gt; &quot;x&quot; &#39;y&#039; &apos;", "<b> \"x\" 'y' '"),
            ("caf&eacute; &Uuml;ber stra&szlig;e", "café Über straße"),
            ("&#x1F600;&#128512;", "😀😀"),
            ("a&nbsp;b", "a\u{A0}b"),
            ("&yuml;&Agrave;&euro;&ndash;", "ÿÀ€–"),
        ]
    )
    func decodes(text: String, expected: String) {
        #expect(HTMLEntities.decoded(text) == expected)
    }

    @Test(
        "stay where they are none",
        arguments: [
            "", "plain", "R&D", "a & b;", "&;", "&#;", "&#x;", "&#0;", "&#xD800;", "&#99999999;", "&unknown;", "&amp",
            "&AMP ;", "tail &", "&#-38;", "&#+38;", "&averyveryverylongname;",
        ]
    )
    func keeps(text: String) {
        #expect(HTMLEntities.decoded(text) == text)
    }
}
