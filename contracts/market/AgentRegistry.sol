// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {AccessManagedUpgradeable} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts-upgradeable/proxy/utils/UUPSUpgradeable.sol";
import {ERC721Upgradeable} from "@openzeppelin/contracts-upgradeable/token/ERC721/ERC721Upgradeable.sol";
import {EIP712Upgradeable} from "@openzeppelin/contracts-upgradeable/utils/cryptography/EIP712Upgradeable.sol";
import {IERC165} from "@openzeppelin/contracts/interfaces/IERC165.sol";
import {IERC4906} from "@openzeppelin/contracts/interfaces/IERC4906.sol";
import {SSTORE2} from "solady/src/utils/SSTORE2.sol";
import {IProviderRegistry} from "../registry/interfaces/IProviderRegistry.sol";
import {Roles} from "../shared/Roles.sol";
import {Signature} from "../shared/Signature.sol";
import {IAgentListings} from "./interfaces/IAgentListings.sol";
import {IAgentRegistry} from "./interfaces/IAgentRegistry.sol";
import {IERC8004Identity} from "./interfaces/IERC8004Identity.sol";
import {Agent, Listing, Offer, WalletSource} from "./types/Agent.sol";

/// @title Agent registry: identities of ERC-8004 and their offers
/// @dev Invariant N-1: an agent's wallet is its owner who registered it, a wallet that signed to be it, or nobody.
/// @dev Invariant N-2: a signature of a wallet is good once, for one owner, for at most 5 minutes.
/// @dev Invariant N-3: who is named in an offer is the agent's wallet, and was active in role D when it was published.
///
/// The standard's typed data has no nonce. So a signature binds the owner and ends soon, and its digest is remembered: what
/// was unset, replaced or transferred away does not come back by the same signature.
/// A URI is kept as the code of a contract of its own, which is cheaper than slots from 3 words on; metadata, mostly one
/// word, in slots. Registering calls nobody back (`_mint`, not `_safeMint`): a contract that registers knows that it does.
/// What is deliberately not checked: that a manifest or a URI says the truth, and, once an offer is published, whether its
/// provider is still active. Whoever makes a job asks for that, and anybody may take such an offer out.
contract AgentRegistry is
    IAgentRegistry,
    IERC4906,
    ERC721Upgradeable,
    EIP712Upgradeable,
    AccessManagedUpgradeable,
    UUPSUpgradeable
{
    using Signature for bytes;

    uint256 private constant MAX_URI_LENGTH = 2048;
    uint256 private constant MAX_KEY_LENGTH = 64;
    uint256 private constant MAX_VALUE_LENGTH = 2048;
    uint256 private constant MAX_ENTRIES = 16;
    uint256 private constant MAX_SIGNATURE_TIME = 5 minutes;
    uint256 private constant MAX_PRICE = type(uint64).max * uint256(1 gwei);
    uint256 private constant MIN_DURATION = 5 minutes;
    uint256 private constant MAX_DURATION = 365 days;

    string private constant WALLET_KEY = "agentWallet";
    bytes32 private constant WALLET_TYPEHASH = keccak256(
        "AgentWalletSet(uint256 agentId,address newWallet,address owner,uint256 deadline)"
    );
    /// @dev ERC-4906, which has a number instead of an ERC-165 id.
    bytes4 private constant METADATA_UPDATES = 0x49064906;

    /// @custom:storage-location erc7201:cipherocto.storage.AgentRegistry
    struct AgentRegistryStorage {
        uint256 lastAgentId;
        mapping(uint256 agentId => Agent agent) agents;
        mapping(uint256 agentId => address wallet) wallets;
        mapping(uint256 agentId => Offer offer) offers;
        mapping(uint256 agentId => mapping(bytes32 keyHash => bytes value)) metadata;
        mapping(bytes32 digest => bool used) usedDigests;
    }

    // keccak256(abi.encode(uint256(keccak256("cipherocto.storage.AgentRegistry")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STORAGE_LOCATION = 0x45a78d6e4539a45d6ad3b2464f334f145fea4d846ef0b354a8315857ccc52600;

    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    IProviderRegistry private immutable REGISTRY;

    /// @param registry The provider registry, which knows who is active.
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(IProviderRegistry registry) {
        REGISTRY = registry;
        _disableInitializers();
    }

    /// @notice Sets who administers this contract, and the name of its tokens.
    /// @param authority The AccessManager.
    function initialize(address authority) external initializer {
        __ERC721_init("CipherOcto Agents", "OCTO-AGENT");
        __EIP712_init("", ""); // name and version are constants, below
        __AccessManaged_init(authority);
    }

    // Identity

    /// @inheritdoc IERC8004Identity
    function register(string calldata agentURI, MetadataEntry[] calldata metadata) external returns (uint256 agentId) {
        uint256 count = metadata.length;
        require(count <= MAX_ENTRIES, AgentRegistryTooManyEntries(count, MAX_ENTRIES));

        agentId = _register(agentURI);
        for (uint256 i = 0; i < count; ++i) {
            _setMetadata(agentId, metadata[i].metadataKey, metadata[i].metadataValue);
        }
    }

    /// @inheritdoc IERC8004Identity
    function register(string calldata agentURI) external returns (uint256 agentId) {
        return _register(agentURI);
    }

    /// @inheritdoc IERC8004Identity
    function register() external returns (uint256 agentId) {
        return _register("");
    }

    /// @inheritdoc IERC8004Identity
    function setAgentURI(uint256 agentId, string calldata newURI) external {
        _requireOperator(agentId);

        _storage().agents[agentId].uriAt = _keep(newURI);
        emit URIUpdated(agentId, newURI, msg.sender);
        emit MetadataUpdate(agentId);
    }

    /// @inheritdoc IERC8004Identity
    function setMetadata(uint256 agentId, string calldata metadataKey, bytes calldata metadataValue) external {
        _requireOperator(agentId);

        _setMetadata(agentId, metadataKey, metadataValue);
    }

    /// @inheritdoc IERC8004Identity
    function setAgentWallet(uint256 agentId, address newWallet, uint256 deadline, bytes calldata signature) external {
        address owner = _requireOperator(agentId);
        require(newWallet != address(0), AgentRegistryZeroWallet(agentId));
        _useSignature(agentId, newWallet, owner, deadline, signature);

        AgentRegistryStorage storage $ = _storage();
        $.agents[agentId].walletSource = WalletSource.Named;
        $.wallets[agentId] = newWallet;
        emit MetadataSet(agentId, WALLET_KEY, WALLET_KEY, abi.encodePacked(newWallet));
        _takeOut(agentId);
    }

    /// @inheritdoc IERC8004Identity
    function unsetAgentWallet(uint256 agentId) external {
        _requireOperator(agentId);

        _clearWallet(agentId);
    }

    // Offers

    /// @inheritdoc IAgentRegistry
    function publish(uint256 agentId, Listing calldata listing) external {
        _requireOperator(agentId);
        _requireListing(agentId, listing);
        address provider = getAgentWallet(agentId);
        require(provider != address(0), AgentRegistryNoWallet(agentId));
        require(_isActive(provider), AgentRegistryProviderNotActive(agentId, provider));

        _storage().offers[agentId] = Offer({
            provider: provider,
            priceGwei: uint64(listing.price / 1 gwei), // exact, and at most MAX_PRICE
            duration: listing.duration,
            manifestHash: listing.manifestHash
        });
        emit AgentPublished(agentId, provider, listing.manifestHash, listing.price, listing.duration);
    }

    /// @inheritdoc IAgentRegistry
    function unpublish(uint256 agentId) external {
        address provider = _storage().offers[agentId].provider;
        require(provider != address(0), AgentRegistryNotPublished(agentId));
        require(
            msg.sender == provider || isAuthorizedOrOwner(msg.sender, agentId) || !_isActive(provider),
            AgentRegistryStillActive(agentId, provider, msg.sender)
        );

        _takeOut(agentId);
    }

    // Views

    /// @inheritdoc IERC8004Identity
    function getMetadata(uint256 agentId, string calldata metadataKey) external view returns (bytes memory) {
        bytes32 keyHash = keccak256(bytes(metadataKey));
        if (keyHash != keccak256(bytes(WALLET_KEY))) return _storage().metadata[agentId][keyHash];

        address wallet = getAgentWallet(agentId);
        return wallet == address(0) ? bytes("") : abi.encodePacked(wallet);
    }

    /// @inheritdoc IAgentListings
    function offerOf(uint256 agentId) external view returns (address provider, uint256 price, uint256 duration) {
        Offer storage offer = _storage().offers[agentId];
        return (offer.provider, _priceOf(offer), offer.duration.toSeconds());
    }

    /// @inheritdoc IAgentRegistry
    function listingOf(uint256 agentId) external view returns (address provider, Listing memory listing) {
        Offer storage offer = _storage().offers[agentId];
        provider = offer.provider;
        listing = Listing({
            manifestHash: offer.manifestHash,
            price: uint128(_priceOf(offer)), // at most MAX_PRICE
            duration: offer.duration
        });
    }

    /// @inheritdoc IAgentRegistry
    function agentCount() external view returns (uint256) {
        return _storage().lastAgentId;
    }

    /// @inheritdoc IERC8004Identity
    function getAgentWallet(uint256 agentId) public view returns (address) {
        WalletSource source = _storage().agents[agentId].walletSource;
        if (source == WalletSource.None) return address(0);

        return source == WalletSource.Named ? _storage().wallets[agentId] : _ownerOf(agentId);
    }

    /// @inheritdoc IERC8004Identity
    function isAuthorizedOrOwner(address spender, uint256 agentId) public view returns (bool) {
        return _isAuthorized(_requireOwned(agentId), spender, agentId);
    }

    /// @notice Where an agent's registration file is.
    /// @param agentId The agent.
    /// @return The URI; empty if none was set.
    function tokenURI(uint256 agentId) public view override returns (string memory) {
        _requireOwned(agentId);
        address uriAt = _storage().agents[agentId].uriAt;

        return uriAt == address(0) ? "" : string(SSTORE2.read(uriAt));
    }

    /// @notice Whether this contract speaks an interface of ERC-165: ERC-721 with metadata and ERC-4906.
    /// @param interfaceId The interface.
    /// @return True if it does.
    function supportsInterface(bytes4 interfaceId) public view override(ERC721Upgradeable, IERC165) returns (bool) {
        return interfaceId == METADATA_UPDATES || super.supportsInterface(interfaceId);
    }

    /// @dev Every way in which an agent changes hands; the first owner has just got it.
    function _update(address to, uint256 agentId, address auth) internal override returns (address from) {
        from = super._update(to, agentId, auth);
        if (from != address(0)) _clearWallet(agentId);
    }

    function _authorizeUpgrade(address) internal override restricted {}

    /// @dev A constant: OpenZeppelin's would be read from storage.
    // solhint-disable-next-line func-name-mixedcase
    function _EIP712Name() internal pure override returns (string memory) {
        return "ERC8004IdentityRegistry";
    }

    /// @dev A constant, for the same reason.
    // solhint-disable-next-line func-name-mixedcase
    function _EIP712Version() internal pure override returns (string memory) {
        return "1";
    }

    function _register(string memory agentURI) private returns (uint256 agentId) {
        AgentRegistryStorage storage $ = _storage();
        agentId = ++$.lastAgentId;
        if (bytes(agentURI).length != 0) $.agents[agentId].uriAt = _keep(agentURI);
        _mint(msg.sender, agentId);
        emit Registered(agentId, agentURI, msg.sender);
        emit MetadataSet(agentId, WALLET_KEY, WALLET_KEY, abi.encodePacked(msg.sender));
    }

    function _setMetadata(uint256 agentId, string calldata key, bytes calldata value) private {
        require(bytes(key).length <= MAX_KEY_LENGTH, AgentRegistryKeyTooLong(bytes(key).length, MAX_KEY_LENGTH));
        require(value.length <= MAX_VALUE_LENGTH, AgentRegistryValueTooLong(value.length, MAX_VALUE_LENGTH));
        bytes32 keyHash = keccak256(bytes(key));
        require(keyHash != keccak256(bytes(WALLET_KEY)), AgentRegistryReservedKey());

        _storage().metadata[agentId][keyHash] = value;
        emit MetadataSet(agentId, key, key, value);
    }

    /// @dev The contract whose code is the URI; none for the empty one.
    function _keep(string memory uri) private returns (address) {
        uint256 length = bytes(uri).length;
        require(length <= MAX_URI_LENGTH, AgentRegistryURITooLong(length, MAX_URI_LENGTH));

        return length == 0 ? address(0) : SSTORE2.write(bytes(uri));
    }

    function _useSignature(
        uint256 agentId,
        address newWallet,
        address owner,
        uint256 deadline,
        bytes calldata signature
    ) private {
        require(block.timestamp <= deadline, AgentRegistrySignatureExpired(deadline, block.timestamp));
        uint256 limit = block.timestamp + MAX_SIGNATURE_TIME;
        require(deadline <= limit, AgentRegistryDeadlineTooFar(deadline, limit));
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(WALLET_TYPEHASH, agentId, newWallet, owner, deadline)));
        require(signature.isBy(newWallet, digest), AgentRegistryWalletNotSigned(agentId, newWallet));
        require(!_storage().usedDigests[digest], AgentRegistrySignatureUsed(agentId, newWallet, deadline));

        _storage().usedDigests[digest] = true;
    }

    function _clearWallet(uint256 agentId) private {
        AgentRegistryStorage storage $ = _storage();
        $.agents[agentId].walletSource = WalletSource.None;
        delete $.wallets[agentId];
        emit MetadataSet(agentId, WALLET_KEY, WALLET_KEY, "");
        _takeOut(agentId);
    }

    /// @dev Does nothing for an agent that is not published.
    function _takeOut(uint256 agentId) private {
        Offer storage offer = _storage().offers[agentId];
        address provider = offer.provider;
        if (provider == address(0)) return;

        delete _storage().offers[agentId];
        emit AgentUnpublished(agentId, provider, msg.sender);
    }

    /// @return owner The agent's owner, who is the caller or has approved him.
    function _requireOperator(uint256 agentId) private view returns (address owner) {
        owner = _ownerOf(agentId);
        _checkAuthorized(owner, msg.sender, agentId);
    }

    function _isActive(address provider) private view returns (bool) {
        return REGISTRY.isActive(provider, Roles.DEVELOPER);
    }

    function _priceOf(Offer storage offer) private view returns (uint256) {
        return uint256(offer.priceGwei) * 1 gwei;
    }

    function _requireListing(uint256 agentId, Listing calldata listing) private pure {
        require(listing.manifestHash != 0, AgentRegistryNoManifest(agentId));
        uint256 price = listing.price;
        require(
            price != 0 && price % 1 gwei == 0 && price <= MAX_PRICE,
            AgentRegistryPriceOutOfBounds(price, 1 gwei, MAX_PRICE)
        );
        uint256 duration = listing.duration.toSeconds();
        require(
            MIN_DURATION <= duration && duration <= MAX_DURATION,
            AgentRegistryDurationOutOfBounds(duration, MIN_DURATION, MAX_DURATION)
        );
    }

    function _storage() private pure returns (AgentRegistryStorage storage $) {
        bytes32 location = STORAGE_LOCATION;
        // The only way to point at a namespace of ERC-7201.
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            $.slot := location
        }
    }
}
