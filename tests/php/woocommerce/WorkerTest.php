<?php

declare(strict_types=1);

namespace FiscalgateWoo\Tests;

use Fiscalgate\Sdk\Account;
use Fiscalgate\Sdk\Client;
use Fiscalgate\Sdk\Exception\TransportException;
use Fiscalgate\Sdk\Exception\ValidationException;
use Fiscalgate\Sdk\Http\FakeTransport;
use Fiscalgate\Sdk\Http\Request;
use Fiscalgate\Sdk\Http\Response;
use Fiscalgate\Sdk\Http\TransportInterface;
use Fiscalgate\Sdk\OrderNumber;
use Fiscalgate\Sdk\RetryPolicy;
use FiscalgateWoo\Operation;
use FiscalgateWoo\Worker;
use PHPUnit\Framework\TestCase;

final class WorkerTest extends TestCase
{
    private const ORDER = 1237;
    private const ID = '0123456789abcdef';

    private MemoryOperations $operations;
    private MemoryQueue $queue;
    private int $now = 100000;
    /** @var string[] */
    private array $told = [];

    protected function setUp(): void
    {
        $this->operations = new MemoryOperations();
        $this->queue = new MemoryQueue();
    }

    private function worker(TransportInterface $transport, bool $isTest = false): Worker
    {
        $client = function () use ($transport): Client {
            return new Client(new Account('https://gateway.example', 'shop', 'token', 'code'), $transport);
        };
        $plan = static function (int $order, string $key): Operation {
            $sale = OrderNumber::sale((string) $order);
            return OperationTest::planned($key, $key === Operation::SALE ? $sale : OrderNumber::refund((string) $order, 1));
        };
        $tell = function (int $order, Operation $operation): void {
            $this->told[] = $operation->key() . ' ' . $operation->state();
        };
        return new Worker($this->operations, $this->queue, $client, $plan, $tell, $isTest, new RetryPolicy(), function (): int {
            return $this->now;
        });
    }

    private static function accepted(string $order = '1237'): Response
    {
        return new Response(202, json_encode(['result' => true, 'id' => self::ID, 'state' => 'queued', 'order_id' => $order]));
    }

    private static function status(string $state): Response
    {
        $command = ['mark' => OperationTest::MARK];
        return new Response(200, json_encode(['result' => true, 'id' => self::ID, 'state' => $state, 'seq' => 5, 'order_id' => '1237',
            'commands' => [$command]]));
    }

    private function sale(): Operation
    {
        return $this->operations->find(self::ORDER, Operation::SALE);
    }

    private function run1(TransportInterface $transport, string $key = Operation::SALE, bool $isTest = false): void
    {
        $this->worker($transport, $isTest)->run(self::ORDER, $key);
    }

    public function testPostsThenAsksUntilItIsDone(): void
    {
        $transport = new FakeTransport(self::accepted(), self::status('waiting'), self::status('done'));
        $this->run1($transport);
        self::assertSame(['sent', Worker::POLLS[0]], [$this->sale()->state(), $this->queue->waiting['1237 sale']]);
        $this->now += Worker::POLLS[0];
        $this->run1($transport);
        self::assertSame(['sent', 'waiting', Worker::POLLS[1]], [$this->sale()->state(), $this->sale()->gateway_state(),
            $this->queue->waiting['1237 sale']]);
        $this->now += Worker::POLLS[1];
        $this->run1($transport);
        self::assertSame(['done', 7], [$this->sale()->state(), $this->sale()->mark()->getDocument()]);
        $this->run1($transport);
        self::assertCount(3, $transport->getRequests(), 'what is done is left alone');
        self::assertSame(['sale sent', 'sale sent', 'sale done'], $this->told);
    }

    public function testWhoComesWhileAnotherWorksFindsNothingToDo(): void
    {
        $second = new FakeTransport();
        $inBetween = function () use ($second): void {
            self::assertFalse($this->operations->isLocked, 'no lock is held while the gateway is asked');
            $this->run1($second);
        };
        $this->run1($this->meanwhile($inBetween, self::accepted()));
        self::assertSame([], $second->getRequests());
        self::assertSame('sent', $this->sale()->state());
    }

    public function testACallbackMayComeBeforeTheAnswer(): void
    {
        $callback = function (): void {
            $this->operations->change(self::ORDER, Operation::SALE, static function (Operation $operation): Operation {
                $operation->apply_outcome(OperationTest::outcome(['id' => self::ID]));
                return $operation;
            }, 0.0);
        };
        $this->run1($this->meanwhile($callback, new TransportException('the line broke')));
        self::assertSame(['done', ''], [$this->sale()->state(), $this->sale()->error()]);
    }

    /** @param Response|TransportException $answer */
    private function meanwhile(callable $work, $answer): TransportInterface
    {
        return new class ($work, $answer) implements TransportInterface {
            /** @var callable */
            private $work;
            /** @var Response|TransportException */
            private $answer;

            public function __construct(callable $work, $answer)
            {
                $this->work = $work;
                $this->answer = $answer;
            }

            public function send(Request $request): Response
            {
                ($this->work)();
                if ($this->answer instanceof TransportException) {
                    throw $this->answer;
                }
                return $this->answer;
            }
        };
    }

    public function testAWorkerThatDiedIsFollowedByAnother(): void
    {
        $die = static function (): void {
            throw new \LogicException('out of memory');
        };
        try {
            $this->run1($this->meanwhile($die, self::accepted()));
            self::fail('it lived');
        } catch (\LogicException $e) {
            self::assertSame('planned', $this->sale()->state());
        }
        $transport = new FakeTransport(self::accepted());
        $this->run1($transport);
        self::assertSame([], $transport->getRequests());
        self::assertSame(Worker::LEASE, $this->queue->waiting['1237 sale']);
        $this->now += Worker::LEASE;
        $this->run1($transport);
        self::assertSame('sent', $this->sale()->state());
    }

    public function testTheSameIsPostedAgainAndAgainAndThenNoMore(): void
    {
        $bodies = [];
        $pauses = [];
        for ($try = 1; $try <= count(RetryPolicy::PAUSES) + 1; ++$try) {
            $transport = new FakeTransport(new Response(503, ''));
            $this->run1($transport);
            $bodies[] = $transport->getRequests()[0]->getBody();
            $pauses[] = $this->sale()->due() - $this->now;
            $this->now = max($this->now, $this->sale()->due());
        }
        self::assertCount(1, array_unique($bodies));
        self::assertSame('refused', $this->sale()->state());
        self::assertLessThan(90, $pauses[0]);
        self::assertGreaterThan(40000, $pauses[count($pauses) - 2]);
        self::assertContains('sale refused', $this->told);
    }

    public function testWhatTheGatewayRefusesIsNotPostedAgain(): void
    {
        $this->run1(new FakeTransport(new Response(422, '{"result":false,"code":"invalid","error":"нет","errors":[]}')));
        self::assertSame(['refused', 'receipt', 'нет'], [$this->sale()->state(), $this->sale()->reason(), $this->sale()->error()]);
        $later = new FakeTransport();
        $this->run1($later);
        self::assertSame([], $later->getRequests());
    }

    public function testAGatewayThatForgetsToFinishIsAskedMoreAndMoreSeldom(): void
    {
        $this->run1(new FakeTransport(self::accepted()));
        foreach (Worker::POLLS as $pause) {
            $this->now += $pause;
            $this->run1(new FakeTransport(new TransportException('away')));
        }
        self::assertSame(['sent', Operation::STALLED, true], [$this->sale()->state(), $this->sale()->reason(),
            $this->sale()->needs_attention()]);
    }

    public function testARefundWaitsForTheSale(): void
    {
        $this->worker(new FakeTransport())->plan(self::ORDER, Operation::SALE, 0.0);
        $refund = new FakeTransport(self::accepted('1237-refund-1'));
        $this->run1($refund, 'refund-5');
        self::assertSame([], $refund->getRequests());
        self::assertSame(Operation::AFTER_SALE, $this->operations->find(self::ORDER, 'refund-5')->reason());
        $this->run1(new FakeTransport(self::accepted()));
        $this->now += 100;
        $this->run1(new FakeTransport(self::status('done')));
        self::assertSame(0, $this->queue->waiting['1237 refund-5'], 'the sale wakes it');
        $this->run1($refund, 'refund-5');
        self::assertSame('sent', $this->operations->find(self::ORDER, 'refund-5')->state());
    }

    public function testTheTestModeOnlyAsks(): void
    {
        $transport = new FakeTransport(new Response(200, '{"result":true,"receipts":[]}'));
        $this->run1($transport, Operation::SALE, true);
        self::assertStringEndsWith('/validate', $transport->getRequests()[0]->getUrl());
        self::assertSame('tested', $this->sale()->state());
    }

    public function testSettingsThatCannotBeAreTold(): void
    {
        $worker = new Worker($this->operations, $this->queue, static function (): Client {
            throw new ValidationException('account.url', 'is none');
        }, static function (): Operation {
            return OperationTest::planned();
        }, static function (): void {
        }, false, new RetryPolicy(), function (): int {
            return $this->now;
        });
        $worker->run(self::ORDER, Operation::SALE);
        self::assertSame('refused', $this->sale()->state());
    }
}
