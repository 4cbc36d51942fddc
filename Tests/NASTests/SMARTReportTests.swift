import Testing

@testable import NAS

@Suite("What drives say of themselves")
struct SMARTReportTests {
    private static let ata = #"""
        {"json_format_version":[1,0],"smartctl":{"version":[7,3],"exit_status":0},"smart_status":{"passed":true},
         "ata_smart_attributes":{"revision":1,"table":[
           {"id":5,"name":"Reallocated_Sector_Ct","value":100,"raw":{"value":3,"string":"3"}},
           {"id":197,"name":"Current_Pending_Sector","raw":{"value":1,"string":"1"}},
           {"id":198,"name":"Offline_Uncorrectable","raw":{"value":2,"string":"2"}}]},
         "temperature":{"current":41}}
        """#
    private static let nvme = #"""
        {"smart_status":{"passed":false,"nvme":{"value":4}},"temperature":{"current":52},
         "nvme_smart_health_information_log":{"critical_warning":4,"percentage_used":103,"media_errors":7}}
        """#

    @Test("disks and flash drives alike")
    func reports() throws {
        #expect(
            SMARTReport(smartctl: Array(Self.ata.utf8))
                == SMARTReport(isPassed: true, reallocated: 3, unreadable: 3, celsius: 41))
        #expect(
            SMARTReport(smartctl: Array(Self.nvme.utf8))
                == SMARTReport(isPassed: false, unreadable: 7, used: 103, celsius: 52))
    }

    @Test(
        "an answer that says nothing of the drive is none",
        arguments: [
            "", "{", "[]", "{}", #"{"temperature":{"current":40}}"#,
            #"{"smartctl":{"messages":[{"string":"/dev/sda: Unknown USB bridge [0x0781:0x5581 (0x100)]"}],"exit_status":1}}"#,
            #"{"smart_status":{}}"#, #"{"ata_smart_attributes":{}}"#,
        ])
    func silent(text: String) { #expect(SMARTReport(smartctl: Array(text.utf8)) == nil) }

    @Test("its name is no path and no option")
    func question() {
        #expect(SMARTReport.question("sda").arguments == ["--json", "--health", "--attributes", "/dev/sda"])
    }
}
