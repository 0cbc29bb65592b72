import Testing
import Transformer

@Suite("Values that carry a secret")
struct SecretScreenTests {
    private let screen = SecretScreen(secrets: ["p@ss/w0rd+key=1", "abc"])

    @Test(
        "are found plain, escaped for a link, in hexadecimal and in base64",
        arguments: [
            "p@ss/w0rd+key=1", "before p@ss/w0rd+key=1 after", "x=p%40ss%2Fw0rd%2Bkey%3D1&y",
            "7040 7040737 704073732f773072642b6b65793d31", "cEBzcy93MHJkK2tleT0x", "pwp@p@ss/w0rd+key=1",
            "Basic Y2xpZW50OnBAc3MvdzByZCtrZXk9MQ==",
        ]
    )
    func found(text: String) {
        #expect(screen.condemns(text))
    }

    @Test(
        "are links with a key in their arguments",
        arguments: [
            "https://x.example/f?api_key=1", "see https://x.example/f?a=1&X-Amz-Signature=abc now",
            "http://x/?a=b&token=t", "https://x/#access_token=t", "HTTPS://X/?API_KEY=1",
        ]
    )
    func links(text: String) {
        #expect(screen.condemns(text))
    }

    @Test(
        "are not what only looks a little like one",
        arguments: [
            "", "abc", "p@ss/w0rd+key=2", "https://x.example/f?page=2&keyword=x", "api_key=1", "https://x/?token=",
            "https://x.example/token", "key = value", "p@ss/w0rd", "https://x.example/?monkey=1",
        ]
    )
    func honest(text: String) {
        #expect(!screen.condemns(text))
    }
}
