// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IConversionEngine} from "../../contracts/economy/interfaces/IConversionEngine.sol";
import {IEmissionSchedule} from "../../contracts/economy/interfaces/IEmissionSchedule.sol";
import {ISettlement} from "../../contracts/economy/interfaces/ISettlement.sol";
import {IDisputeDesk} from "../../contracts/market/interfaces/IDisputeDesk.sol";
import {IWholeJobMarket} from "../../contracts/market/interfaces/IWholeJobMarket.sol";
import {IDelegationPools} from "../../contracts/registry/interfaces/IDelegationPools.sol";
import {IProviderLens} from "../../contracts/registry/interfaces/IProviderLens.sol";
import {IProviderRegistry} from "../../contracts/registry/interfaces/IProviderRegistry.sol";
import {ISlashingDesk} from "../../contracts/registry/interfaces/ISlashingDesk.sol";
import {RoleId} from "../../contracts/shared/RoleId.sol";
import {Roles} from "../../contracts/shared/Roles.sol";
import {Schedules} from "../../contracts/shared/ScheduleId.sol";
import {IOctoToken} from "../../contracts/tokens/interfaces/IOctoToken.sol";
import {IRoleToken} from "../../contracts/tokens/interfaces/IRoleToken.sol";
import {IRoleTokenFactory} from "../../contracts/tokens/interfaces/IRoleTokenFactory.sol";
import {VM} from "./Vm.sol";

uint256 constant GENESIS_SUPPLY = 5_000_000_000e18;
uint256 constant ROLE_COUNT = 8;

/// @dev The deployed suite, and three accounts every test needs.
struct Suite {
    address manager;
    IOctoToken octo;
    IEmissionSchedule schedule;
    ISettlement settlement;
    IRoleTokenFactory factory;
    IConversionEngine engine;
    IProviderRegistry registry;
    IDelegationPools pools;
    ISlashingDesk desk;
    IProviderLens lens;
    IWholeJobMarket jobMarket;
    IDisputeDesk disputes;
    address agents;
    /// Holds the permissions: whoever deployed the suite.
    address admin;
    /// Receives the treasury's leg; refuses every call.
    address treasury;
    /// Slashes for what was judged.
    address judge;
    /// Holds the whole genesis supply.
    address bank;
}

/// @title An account that is a contract and refuses whatever it is asked or sent (M-07: nobody's payment waits for it)
contract Refuser {
    error RefuserRefuses();

    fallback() external payable {
        revert RefuserRefuses();
    }
}

/// @dev A slasher as the desk's constructor takes it. The desk itself is not imported, or each test would compile it again.
struct Slasher {
    address slasher;
    uint40 octoBudget;
    uint40 roleBudget;
}

/// @title Deploys the suite in Solidity
/// @dev In the order of deploy/modules, from the artifacts that a deployment uses, with this contract as deployer and
/// administrator. The artifacts must be fresh: run the tests without naming a file, or build before.
abstract contract SuiteFixture {
    error SuiteFixtureCreationFailed(string artifact);

    function deploySuite() internal returns (Suite memory suite) {
        suite.admin = address(this);
        suite.bank = address(uint160(uint256(keccak256("bank"))));
        suite.treasury = address(new Refuser());
        suite.judge = address(uint160(uint256(keccak256("judge"))));

        // Doors
        address door = create("Door", abi.encode(address(this)));
        suite.registry = IProviderRegistry(_proxy(door));
        suite.engine = IConversionEngine(_proxy(door));
        suite.jobMarket = IWholeJobMarket(_proxy(door));
        suite.agents = _proxy(door);
        suite.disputes = IDisputeDesk(_proxy(door));

        // Governance, Tokens
        suite.manager = create("AccessManager", abi.encode(address(this)));
        IOctoToken.Allocation[] memory allocations = new IOctoToken.Allocation[](1);
        allocations[0] = IOctoToken.Allocation({recipient: suite.bank, amount: GENESIS_SUPPLY});
        suite.octo = IOctoToken(create("OctoToken", abi.encode(suite.engine, allocations)));

        // Economy
        suite.schedule = IEmissionSchedule(create("EmissionSchedule", abi.encode(suite.manager)));
        bytes memory peers = abi.encode(
            suite.manager,
            suite.octo,
            suite.registry,
            suite.schedule,
            suite.engine,
            suite.treasury
        );
        suite.settlement = ISettlement(create("Settlement", peers));
        suite.factory = IRoleTokenFactory(suite.settlement.roleTokens());
        _enter(
            suite,
            address(suite.engine),
            "ConversionEngine",
            abi.encode(suite.octo, suite.factory, suite.settlement)
        );
        for (uint256 i = 0; i < ROLE_COUNT; ++i) {
            suite.factory.create("CipherOcto Role", "OCTO-R");
        }

        // Registry, Market
        _deployRegistry(suite);
        _deployMarket(suite);
    }

    function _deployMarket(Suite memory suite) private {
        address[5] memory peers = [
            address(suite.octo),
            address(suite.settlement),
            address(suite.registry),
            suite.agents,
            address(suite.disputes)
        ];
        address annex = create("JobMarketAnnex", abi.encode(peers));
        _enter(suite, address(suite.jobMarket), "JobMarket", abi.encode(peers, annex));
        suite.settlement.admitMarket(
            address(suite.jobMarket),
            uint32(Roles.COMPUTE.bit() | Roles.ORCHESTRATOR.bit() | Roles.DEVELOPER.bit()),
            uint32(Schedules.SERVICE.bit())
        );
        _enter(
            suite,
            address(suite.disputes),
            "DisputeDesk",
            abi.encode(suite.octo, suite.settlement, suite.desk, suite.jobMarket)
        );
        suite.settlement.admitMarket(
            address(suite.disputes),
            uint32(Roles.NONE.bit()),
            uint32(Schedules.SERVICE.bit())
        );
    }

    function _deployRegistry(Suite memory suite) private {
        suite.pools = IDelegationPools(
            create("DelegationPools", abi.encode(suite.octo, suite.registry, suite.settlement))
        );
        Slasher[] memory genesis = new Slasher[](3);
        genesis[0] = Slasher({slasher: address(0), octoBudget: 50_000, roleBudget: 100_000});
        genesis[1] = Slasher({slasher: suite.judge, octoBudget: 1_000_000, roleBudget: 1_000_000});
        genesis[2] = Slasher({slasher: address(suite.disputes), octoBudget: 1_000_000, roleBudget: 1_000_000});
        suite.desk = ISlashingDesk(create("SlashingDesk", abi.encode(suite.manager, suite.registry, genesis)));
        address reviews = create("PeerReviews", abi.encode(suite.registry, suite.settlement));
        suite.lens = IProviderLens(create("ProviderLens", abi.encode(suite.registry, suite.factory, suite.settlement)));
        _enter(
            suite,
            address(suite.registry),
            "ProviderRegistry",
            abi.encode(suite.octo, suite.factory, suite.settlement, suite.pools, suite.desk, reviews)
        );

        // As deploy/roles.ts has them, in whole tokens, in the order A S B O W D M N.
        uint96[ROLE_COUNT] memory octo = [uint96(1_000), 500, 300, 2_000, 5_000, 200, 100, 1_500];
        uint96[ROLE_COUNT] memory roleTokens = [uint96(500), 1_000, 200, 500, 1_000, 100, 50, 500];
        for (uint256 i = 0; i < ROLE_COUNT; ++i) {
            suite.registry.addRole(
                RoleId.wrap(uint8(i + 1)),
                IProviderRegistry.Minimum({octo: octo[i] * 1e18, roleTokens: roleTokens[i] * 1e18})
            );
        }
    }

    /// @dev Deploys a compiled contract by its name.
    function create(string memory artifact, bytes memory arguments) internal returns (address made) {
        bytes memory code = abi.encodePacked(VM.getCode(artifact), arguments);
        assembly ("memory-safe") {
            made := create(0, add(code, 32), mload(code))
        }
        require(made != address(0), SuiteFixtureCreationFailed(artifact));
    }

    function _proxy(address door) private returns (address) {
        return create("ERC1967Proxy", abi.encode(door, abi.encodeWithSignature("open()")));
    }

    function _enter(Suite memory suite, address proxy, string memory artifact, bytes memory arguments) private {
        address implementation = create(artifact, arguments);
        bytes memory initialize = abi.encodeWithSignature("initialize(address)", suite.manager);
        (bool entered, ) = proxy.call(
            abi.encodeWithSignature("upgradeToAndCall(address,bytes)", implementation, initialize)
        );
        require(entered, SuiteFixtureCreationFailed(artifact));
    }
}

function sameRole(RoleId a, RoleId b) pure returns (bool) {
    return RoleId.unwrap(a) == RoleId.unwrap(b);
}

function roleTokenOf(Suite storage suite, RoleId role) view returns (IRoleToken) {
    return IRoleToken(suite.settlement.tokenOf(role));
}
