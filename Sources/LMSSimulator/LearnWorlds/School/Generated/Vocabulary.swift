/// Words that generated schools are made of.
enum Vocabulary {
    static let firstNames = [
        "Ada", "Alan", "Amara", "Björn", "Chidi", "Dolores", "Edsger", "Fatima", "Grace", "Hiroshi", "Ines", "Jürgen",
        "Katherine", "Linus", "Margaret", "Niklaus", "Olga", "Priya", "Radia", "Søren", "Tu", "Ursula", "Wei", "Zoë",
    ]
    static let lastNames = [
        "Ångström", "Bakker", "Castillo", "Dijkstra", "Evans", "Farouk", "García", "Hopper", "Ito", "Jensen",
        "Kowalski",
        "Lovelace", "Müller", "Novak", "O'Brien", "Perlman", "Quist", "Rossi", "Santos", "Turing", "Ueda", "Wirth",
        "Yılmaz",
    ]
    static let subjects = [
        "Fire Safety & You", "Forklift Basics", "Working at Height", "Data Protection", "First Aid", "Food Hygiene",
        "Electrical Safety <1000 V", "Hazardous Goods", "Onboarding", "Time & Materials", "Ergonomics",
        "Security Awareness",
    ]
    static let unitTypes = ["ivideo", "pdf", "ebook", "youtube", "audio", "scorm", "url", "video", "poll", "newSurvey"]
    static let tags = ["night-shift", "plant-7", "contractor", "manager", "returning"]
    static let categories = ["safety", "compliance", "skills", "it"]
}
