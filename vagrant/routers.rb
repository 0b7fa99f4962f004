# frozen_string_literal: true

require "ipaddr"

# The routers that a topology's static routes lead to, and a subnet behind each destination, as `holdfast lab` has them.
class Routers
  # `behind`: subnets that one link can carry, on each of which the router has the first address.
  Router = Struct.new(:network, :address, :behind, keyword_init: true)

  # What stands for "everywhere" behind a default route (RFC 5737).
  ELSEWHERE = IPAddr.new("198.51.100.0/24")

  # `standing`: addresses that other machines have.
  def self.of(topology, standing)
    found = topology.routes.reject { |_, via| standing.include?(via) }.group_by { |_, via| via }
    found.map do |via, routes|
      network = topology.networks.find { |_, subnet| subnet.include?(IPAddr.new(via)) }&.first
      topology.refuse("route via #{via}: it is on none of the networks") unless network
      behind = routes.map { |destination, _| subnet_in(destination, topology.networks.values) }.compact.uniq(&:to_range)
      Router.new(network: network, address: via, behind: behind)
    end
  end

  # The last /24 of the destination that is clear of the networks, or the destination where it is no larger; none where
  # it has no room for a router and a host.
  def self.subnet_in(destination, networks)
    return ELSEWHERE if destination.prefix.zero?
    return nil if destination.prefix > 30
    return (destination unless overlap?(destination, networks)) if destination.prefix >= 24

    first, last = destination.to_range.minmax.map(&:to_i)
    starts = (last - 255).step(first, -256).lazy
    starts.map { |start| IPAddr.new(start, Socket::AF_INET).mask(24) }.find { |subnet| !overlap?(subnet, networks) }
  end

  def self.overlap?(subnet, networks)
    networks.any? { |other| other.include?(subnet) || subnet.include?(other) }
  end

  def self.first_host(subnet)
    subnet.to_range.first.succ.to_s
  end
end
