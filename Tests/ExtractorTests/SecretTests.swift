import Extractor
import Testing

@Suite("A secret stays secret")
struct SecretTests {
    @Test("no description, dump or mirror shows it")
    func nothingPrints() {
        struct Holder { let secret: Secret }
        let holder = Holder(secret: Secret("hunter2-hunter2"))
        var dumped = ""
        dump(holder, to: &dumped)
        for text in [String(describing: holder), String(reflecting: holder), dumped] {
            #expect(!text.contains("hunter2"))
        }
        #expect(holder.secret.reveal { $0 } == "hunter2-hunter2")
    }

    @Test("a request prints template and names only")
    func requestPrintsNames() {
        let request = APIRequest(
            "/v2/users/{id}/courses",
            pathArguments: ["person-4711"],
            query: [("page", "77"), ("email", "ada@example.org")],
            secretQuery: [("api_key", Secret("hunter2-hunter2"))],
            stream: "enrollments"
        )
        var dumped = ""
        dump(request, to: &dumped)
        for text in ["\(request)", String(reflecting: request), dumped] {
            #expect(text.contains("/v2/users/{id}/courses?page&email&api_key"))
            for value in ["4711", "77", "ada", "hunter2"] { #expect(!text.contains(value)) }
        }
    }
}
