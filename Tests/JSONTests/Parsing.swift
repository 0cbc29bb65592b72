import JSON

/// Parses a text; everything else about a test stands in the test.
func parse(_ text: String, limits: JSONLimits = .init()) throws(JSONError) -> JSONDocument {
    try JSONDocument(parsing: Array(text.utf8), limits: limits)
}

/// The code with which bytes are refused, or `nil` where they are read.
func refusal(of bytes: [UInt8], limits: JSONLimits = .init()) -> JSONError.Code? {
    do {
        _ = try JSONDocument(parsing: bytes, limits: limits)
        return nil
    } catch {
        return error.code
    }
}

/// The code with which a text is refused, or `nil` where it is read.
func refusal(of text: String) -> JSONError.Code? { refusal(of: Array(text.utf8)) }

/// A page of the size and shape that an LMS sends: `count` records in an envelope.
func makePage(records count: Int) -> String {
    let records = (0..<count).map { n in
        """
        {"id":"5f1d\(String(n, radix: 16))c0ffee0123456789ab","email":"learner\(n)@school.example","username":\
        "Maya \\u05d0\\u05d1 Cohen \(n)","first_name":"Maya","last_name":"Cohen \\"M\\"","created":1700000\(n).5,\
        "last_login":1751290\(100 + n),"role":{"level":"user","name":"Learner"},"is_admin":false,"is_instructor":false,\
        "is_suspended":false,"tags":["cohort 2026","north","é"],"nps_score":null,"eu_customer":{"status":null,\
        "country":"IL"},"fields":{"phone":"","address":"Rothschild Blvd 1\\nTel Aviv","birthday":null,"cf_grade":\
        "11","cf_note":"likes maths & physics"},"utms":{"fc_source":"direct","fc_medium":null,"fc_campaign":null},\
        "billing_info":{"bf_name":null,"bf_address":null,"bf_city":null,"bf_country":null},"score":93.33333333333333333}
        """
    }
    return """
        {"data":[\(records.joined(separator: ","))],"meta":{"page":1,"totalItems":\(count),"totalPages":1,\
        "itemsPerPage":50},"success":true}
        """
}
