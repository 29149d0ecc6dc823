// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {MAX_BPS} from "../../shared/Bps.sol";
import {Offence, Price} from "../types/Offences.sol";

/// @title What offences cost
/// @dev Pure. A repeat within 180 days costs 1.5 times as much each time, up to everything.
library OffenceTable {
    uint256 private constant MAX_POINTS = 100;

    function priceOf(Offence offence) internal pure returns (Price memory) {
        if (offence == Offence.Downtime) return _price({octo: 0, role: 5_00, points: 2, ban: false});
        if (offence == Offence.ExtendedDowntime) return _price({octo: 5_00, role: 20_00, points: 10, ban: false});
        if (offence == Offence.PoorResult) return _price({octo: 10_00, role: 30_00, points: 15, ban: false});
        if (offence == Offence.SlaViolation) return _price({octo: 20_00, role: 50_00, points: 25, ban: false});
        if (offence == Offence.DataMishandling) return _price({octo: 50_00, role: 100_00, points: 40, ban: false});
        if (offence == Offence.Fraud) return _price({octo: 100_00, role: 100_00, points: 50, ban: true});
        return _price({octo: 100_00, role: 100_00, points: 100, ban: true}); // ProtocolAttack
    }

    /// @dev The price after so many offences within 180 days; rounded down.
    function escalated(Price memory price, uint256 repeats) internal pure returns (Price memory) {
        (uint256 times, uint256 per) = (3 ** repeats, 2 ** repeats);
        return
            Price({
                octoShare: Math.min((price.octoShare * times) / per, MAX_BPS),
                roleShare: Math.min((price.roleShare * times) / per, MAX_BPS),
                points: Math.min((price.points * times) / per, MAX_POINTS),
                ban: price.ban
            });
    }

    function _price(uint256 octo, uint256 role, uint256 points, bool ban) private pure returns (Price memory) {
        return Price({octoShare: octo, roleShare: role, points: points, ban: ban});
    }
}
