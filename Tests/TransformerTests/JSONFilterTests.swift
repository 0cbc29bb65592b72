import JSON
import Records
import Testing
import Transformer

@Suite("JSON for a jsonb column")
struct JSONFilterTests {
    private func filtered(_ json: String, _ filter: JSONFilter) throws -> String? {
        var filter = filter
        return try JSONDocument(parsing: Array(json.utf8)).withRoot { filter.text(of: $0)?.text }
    }

    @Test("has sorted names and plain numbers, and equal values have equal text")
    func canonical() throws {
        let filter = JSONFilter(screen: SecretScreen())
        let one = try filtered(#"{ "b": 1.0, "a": [ 1e2 , true, null, "x" ], "aa": {} }"#, filter)
        #expect(one == #"{"a":[100,true,null,"x"],"aa":{},"b":1}"#)
        #expect(one == (try filtered(#"{"aa":{},"a":[100,true,null,"x"],"b":1.00}"#, filter)))
    }

    @Test("escapes what JSON must escape, and nothing else")
    func escapes() throws {
        let text = #"{"a\"\\":"q\" b\\ n\n t\t r\r u\u0001 é\u20ac \/"}"#
        let expected = #"{"a\"\\":"q\" b\\ n\n t\t r\r u\u0001 é€ /"}"#
        #expect(try filtered(text, JSONFilter(screen: SecretScreen())) == expected)
    }

    @Test("loses forbidden names, secrets and numbers nobody means, at any depth")
    func forbidden() throws {
        let filter = JSONFilter(screen: SecretScreen(secrets: ["topsecret"]))
        let json =
            #"{"ok":{"password":"x","n":1e400,"list":["a","my topsecret","b"],"phone":"1"},"topsecret":1,"#
            + #""t":"topsecret"}"#
        #expect(try filtered(json, filter) == #"{"ok":{"list":["a","b"],"n":null}}"#)
        #expect(try filtered(#""topsecret""#, filter) == nil)
        #expect(try filtered(#"["topsecret","topsecret"]"#, filter) == "[]")
    }

    @Test("loses links where they are not wanted")
    func links() throws {
        let filter = JSONFilter(screen: SecretScreen(), links: .dropped)
        let json =
            #"{"fileUrl":"a","x":"https://x.org/","y":["http://y.org/a","z"],"download":1,"n":"see https://x"}"#
        #expect(try filtered(json, filter) == #"{"n":"see https://x","y":["z"]}"#)
    }

    @Test("remembers more names than fit its table")
    func manyNames() throws {
        let json = "{\((0..<2_000).map { #""n\#($0)":1"# }.joined(separator: ",")),\"ssn\":2}"
        let text = try #require(try filtered(json, JSONFilter(screen: SecretScreen())))
        #expect(text.contains(#""n1999":1"#) && !text.contains("ssn"))
    }
}
